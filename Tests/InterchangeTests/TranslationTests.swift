import Testing

@testable import Interchange

@Suite("Foreign expressions")
struct TranslationTests {
  /// Foreign names with what they stand for.
  static let symbols: [String: ForeignSymbol] = [
    "a": ForeignSymbol(id: "a", kind: .choice(["0": 0, "1": 1, "2": 2])),
    "b": ForeignSymbol(id: "b", kind: .choice(["0": 0, "1": 1, "2": 2])),
    "sex": ForeignSymbol(id: "sex", kind: .choice(["m": 1, "f": 2])),
    "c": ForeignSymbol(id: "c", kind: .choices(["1": 1, "2": 2, "x": 3, "-9": -9])),
    "n": ForeignSymbol(id: "n", kind: .number), "t": ForeignSymbol(id: "t", kind: .text),
    "d": ForeignSymbol(id: "d", kind: .other), "phq-1": ForeignSymbol(id: "phq_1", kind: .number),
    "phq-2": ForeignSymbol(id: "phq_2", kind: .number),
  ]

  static func translate(_ source: String, _ dialect: ForeignDialect) -> String {
    do throws(Untranslatable) {
      let node = try ForeignParser.parse(source, dialect: dialect, known: Set(symbols.keys))
      var translator = ForeignTranslator(dialect: dialect, symbols: symbols)
      return try translator.condition(node)
    } catch {
      return "– " + error.why
    }
  }

  @Test(
    "REDCap's branching logic",
    arguments: [
      ("[a] = \"1\"", "a == 1"), ("[a]='1' AND [b] <> ''", "a == 1 and answered(b)"),
      ("[a] <> \"1\"", "missing(a) or a != 1"), ("[a] <> \"1\" and [a] <> \"\"", "a != 1"),
      ("[c(2)] = \"1\"", "c.has_2"), ("[c(x)]='1' or [c(1)]='1'", "c.has_3 or c.has_1"),
      ("[c(2)] = \"0\"", "missing(c) or not c.has_2"),
      ("[n] >= 3 and [n] < 10", "n >= 3 and n < 10"),
      ("[n] > '3'", "n > 3"), ("([a]=1 or [b]=2) and [n]>0", "(a == 1 or b == 2) and n > 0"),
      ("[sex] = 'f'", "sex == 2"), ("[t] = 'yes'", "t == \"yes\""), ("[a] = ''", "missing(a)"),
      ("sum([a], [b]) > 2", "sum(first_of(a, 0), first_of(b, 0)) > 2"),
      ("[event-name][a] = 1", "a == 1"),
      ("[base_arm_1][a] = 1", "– it uses an answer of the event base_arm_1"),
      ("[a][2] = 1", "– it uses another repetition of a form"),
      ("[a] = 7", "– it compares a with 7, which is none of its options"),
      ("[zz] = 1", "– it uses zz, which is no item here"),
      ("[c(-9)] = 1", "– options with numbers below 0 cannot be used in conditions here"),
      (
        "datediff([d], 'today', 'y') > 18",
        "– datediff() is about dates, which expressions here do not calculate with"
      ),
      ("[a] = ", "– it ends too early"), ("[a = 1", "– a bracket is never closed"),
      ("if([a]=1, 1, 0) = 1", "(if not missing(a) and a == 1 then 1 else 0) == 1"),
    ])
  func redcap(source: String, expected: String) {
    #expect(Self.translate(source, .redcap) == expected)
  }

  @Test(
    "XPath of XLSForms",
    arguments: [
      ("${a} = '1'", "a == 1"), ("${a} = 1.0", "a == 1"), ("selected(${c}, 'x')", "c.has_3"),
      ("selected(${a}, '2')", "a == 2"), ("not(selected(${c}, '1'))", "missing(c) or not c.has_1"),
      ("count-selected(${c}) > 1", "(if missing(c) then 0 else c.chosen) > 1"),
      ("${n} div 2 > 3", "n / 2 > 3"), ("not(${a} = 1)", "missing(a) or a != 1"),
      ("/data/group/a = 1", "a == 1"), ("../a = 1", "a == 1"),
      ("string-length(${t}) > 0", "answered(t)"),
      ("${t} != ''", "answered(t)"),
      ("${n} > 3 and (${a}=1 or ${a}=2)", "n > 3 and (a == 1 or a == 2)"),
      (
        "regex(${t}, '^a')",
        "– regex() is about parts of texts, which expressions here do not look into"
      ),
      ("${n} mod 2 = 0", "– remainders have no counterpart here"), ("true()", "true"),
    ])
  func xpath(source: String, expected: String) {
    #expect(Self.translate(source, .xpath) == expected)
  }

  @Test(
    "JavaScript of ReproSchema",
    arguments: [
      ("a == 1 && n > 3", "a == 1 and n > 3"),
      ("a === 1 || b !== 2", "a == 1 or (missing(b) or b != 2)"),
      ("phq-1 > 1", "phq_1 > 1"), ("phq-1 + phq-2 > 3", "phq_1 + phq_2 > 3"),
      ("!(a == 1)", "missing(a) or a != 1"), ("n - 1 > 2", "n - 1 > 2"),
      ("(a == 1 ? 2 : 3) > 2", "(if not missing(a) and a == 1 then 2 else 3) > 2"),
    ])
  func script(source: String, expected: String) {
    #expect(Self.translate(source, .script) == expected)
  }

  @Test(
    "R of formr",
    arguments: [
      ("a == 1 & n > 3", "a == 1 and n > 3"), ("c %contains% 2", "c.has_2"),
      ("a %in% c(1, 2)", "a == 1 or a == 2"), ("a %in% 1:2", "a == 1 or a == 2"),
      ("!is.na(a)", "answered(a)"), ("is.na(a) | a != 1", "missing(a) or a != 1"),
      ("!a == 1", "a != 1"), ("mean(c(a, b)) > 1", "mean(a, b) > 1"), ("TRUE", "true"),
      ("survey$a == 1", "– it uses the results of the survey survey"),
      (
        "str_detect(t, 'a')",
        "– str_detect() is about parts of texts, which expressions here do not look into"
      ),
    ])
  func r(source: String, expected: String) {
    #expect(Self.translate(source, .r) == expected)
  }

  @Test("hostile expressions end in a reason")
  func hostile() {
    for source in [
      String(repeating: "(", count: 2000), String(repeating: "!", count: 2000),
      String(repeating: "a+", count: 2000) + "a", String(repeating: "[", count: 300),
      "if(" + String(repeating: "if(a,", count: 200), "\u{0}", "'", "${",
      String(repeating: "-", count: 900) + "1",
    ] {
      for dialect in [ForeignDialect.redcap, .xpath, .script, .r] {
        #expect(Self.translate(source, dialect).hasPrefix("–"))
      }
    }
  }
}
