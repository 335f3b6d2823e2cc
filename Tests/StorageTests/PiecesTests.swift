import Foundation
import GRDB
import Testing

@testable import Storage

struct PiecesTests {
  @Test(arguments: [
    (CanonicalJSON.object(["b": .integer(1), "a": .null]), #"{"a":null,"b":1}"#),
    (.text("a\"b\\c\n\t\r\u{1}é🙂"), "\"a\\\"b\\\\c\\n\\t\\r\\u0001é🙂\""),
    (.list([.number(4), .number(2.5), .number(-0.0), .number(1e300)]), "[4,2.5,0,1e+300]"),
    (.number(.nan), "null"),
    (.texts([]), "[]"),
    (.object(["é": .null, "z": .null]), #"{"z":null,"é":null}"#),
  ])
  func `canonical JSON has one spelling`(value: CanonicalJSON, expected: String) {
    #expect(value.text == expected)
  }

  @Test func `canonical JSON is JSON`() throws {
    let texts = (0..<0x80).compactMap(Unicode.Scalar.init).map { String($0) }
    let bytes = Data(CanonicalJSON.texts(texts).bytes)
    #expect(try JSONDecoder().decode([String].self, from: bytes) == texts)
  }

  @Test func `seeded secrets follow their purpose, system ones nothing`() {
    #expect(Secrets.seeded(1).key(for: "a") == Secrets.seeded(1).key(for: "a"))
    #expect(Secrets.seeded(1).key(for: "a") != Secrets.seeded(1).key(for: "b"))
    #expect(Secrets.seeded(1).key(for: "a") != Secrets.seeded(2).key(for: "a"))
    #expect(Secrets.seeded(1).key(for: "a").count == 32)
    #expect(Secrets.system.key(for: "a") != Secrets.system.key(for: "a"))
    #expect(Secrets.system.key(for: "a").count == 32)
  }

  @Test(arguments: 0..<64)
  func `a seeded UUID is a version 4 UUID`(seed: Int) {
    // RFC 9562, section 5.4: the version and the variant have fixed places.
    let characters = Array(Secrets.seeded(UInt64(seed)).uuid(for: "x").uuidString)
    #expect(characters[14] == "4")
    #expect("89AB".contains(characters[19]))
  }

  @Test(arguments: 0..<64)
  func `a UUID beside another begins with its end and shares nothing else`(seed: Int) {
    let other = Secrets.system.uuid(for: "x")
    for secrets in [Secrets.seeded(UInt64(seed)), .system] {
      let (one, two) = (
        secrets.uuid(for: "a", beside: other).text, secrets.uuid(for: "b", beside: other).text
      )
      #expect(one.filter { $0 != "-" }.prefix(12) == other.text.suffix(12))
      #expect(one.prefix(13) == two.prefix(13))
      #expect(one.suffix(17) != two.suffix(17))
      // RFC 9562, section 5.8: the version and the variant have fixed places.
      #expect(Array(one)[14] == "8")
      #expect("89ab".contains(Array(one)[19]))
    }
  }

  @Test(arguments: [
    ([], #"{"all":{},"each":{}}"#),
    ([7], #"{"all":{},"each":{"even":[0],"half":[3.5],"kind":["n"]}}"#),
    ([7, 8], #"{"all":{"kind":"n"},"each":{"even":[0,1],"half":[3.5,4]}}"#),
    ([4, 4], #"{"all":{"even":1,"half":2},"each":{"kind":["n","n"]}}"#),
  ])
  func `columns say once what all rows share`(rows: [Int], expected: String) {
    let columns = Columns(
      [
        ("even", { .truth($0.isMultiple(of: 2)) }), ("half", { .number(Double($0) / 2) }),
        ("kind", { (_: Int) in .text("n") }),
      ], of: rows)
    #expect(columns.json.text == expected)
  }

  @Test(arguments: [[], [7], [7, 8], [3, 1, 3], [5, 5]])
  func `what columns say reads back as rows`(rows: [Int]) {
    let columns = Columns(
      [("number", { .integer(Int64($0)) }), ("kind", { (_: Int) in .null })], of: rows)
    #expect(
      CanonicalJSON.parse(columns.json.bytes)?.rows
        == rows.map { ["number": .integer(Int64($0)), "kind": .null] })
  }

  @Test(arguments: ["null", "[]", "{}", #"{"all":{"a":1}}"#, #"{"each":3}"#])
  func `what are no columns has no rows`(text: String) throws {
    #expect(try #require(CanonicalJSON.parse(Array(text.utf8))).rows.isEmpty)
  }

  @Test(arguments: [
    (
      "key", "The quick brown fox jumps over the lazy dog",
      "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    )
  ])
  func `the keyed hash is HMAC-SHA-256`(key: String, content: String, expected: String) {
    // The example of Wikipedia's article on HMAC, checked with openssl dgst -hmac.
    #expect(EventLink.mac(of: Array(content.utf8), key: Array(key.utf8)) == expected)
  }

  /// A migration that has shipped may never change: databases out there have run it as it was.
  @Test(arguments: [
    (Schema.version1Study, "1c14644447c2d213d1290aad3ca6b8b4c65f618c86a2b719e157fde11a88a4fa"),
    (
      Schema.version1Participants,
      "e33617478294f00b9b81a5b11fbe2166d1a15e31d7ced85fa0c67ae096d5957f"
    ),
    (Schema.version1Answers, "eec54a77cb9c68195dd131ed6bac14c3b57cd1a864d26f49a34baebd3644ebb4"),
    (
      Schema.version1Invitations,
      "226cb2693edc241a385d511f50583d3f904f7542e007adccb7d189354f497655"
    ),
    (Schema.version1Messages, "402855210c6bd7f1e19fd4ca7f6840b3535505a95d1fc0aed171271ce0a18749"),
    (Schema.version1Links, "1490627ebaf73d26cc4489f683b82680745c3368a05215051097d3aa281f0d6c"),
    (Schema.version1Logs, "59e1832692c54bf665b2bc40aa2b0d382d88bc8a3ad00200a47f49db3b61d043"),
    (
      Schema.version1Researchers,
      "9b968ad4fbd1b45481a0348b7f53b63831d93438fe284a7470b919ab213b00c1"
    ),
    (Schema.version1Erasures, "a619ed72813010b7a7c828f83b4c519f83d5c9e579c3b3197ae5d0bae966b805"),
  ])
  func `the first migration is frozen`(sql: String, hash: String) {
    let record = DefinitionRecord(kind: .text, id: "sql", version: "1", bytes: Array(sql.utf8))
    #expect(record.hash == hash)
  }

  @Test func `the steps of the schema are known by name and order`() {
    #expect(Schema.migrator.migrations == ["1 first tables"])
  }

  @Test(arguments: [
    "null", "0", "-12", "0.1", "1e+300", "\"\"", "\"a \\\"b\\\" \\\\ \\n\\r\\t\\u0001 é\"", "[]",
    "{}",
    "[1,[2,{\"a\":null}],\"x\"]", "{\"a\":1,\"b\":[\"c\"]}",
  ])
  func `what canonical JSON writes, it reads`(text: String) {
    #expect(CanonicalJSON.parse(Array(text.utf8))?.text == text)
  }

  @Test(arguments: [
    "", " 1", "1 ", "nul", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "\"a", "\"\\x\"", "true",
    String(repeating: "[", count: 10_000),
  ])
  func `anything else is refused`(text: String) {
    #expect(CanonicalJSON.parse(Array(text.utf8)) == nil)
  }
}
