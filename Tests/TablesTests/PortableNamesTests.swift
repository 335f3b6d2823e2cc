import Testing

@testable import Tables

@Suite("Names for SPSS and Stata")
struct PortableNamesTests {
  @Test(
    "a name keeps what both programs take",
    arguments: [
      ("needs-6.autonomy", "needs_6_autonomy"), ("week", "week"), ("2nd", "v_2nd"),
      ("_x", "v__x"), ("größe", "gr__e"), ("with", "with_"), ("If", "If_"), ("str12", "str12_"),
      ("strong", "strong"), ("str", "str_"), ("", "v_"),
    ]) func plain(name: String, expected: String)
  {
    #expect(PortableNames(of: [name])[name] == expected)
  }

  @Test("no two names are alike, whatever their case and length")
  func unique() {
    let long = String(repeating: "x", count: 40)
    let names = ["A", "a", "a_2", long + "1", long + "2", long.uppercased() + "3", "a-b", "a.b"]
    let portable = PortableNames(of: names)
    let given = names.map { portable[$0] }
    #expect(Set(given.map { $0.lowercased() }).count == names.count)
    #expect(given.allSatisfy { (1...32).contains($0.count) })
    #expect(given.prefix(2) == ["A", "a_2"])
  }
}
