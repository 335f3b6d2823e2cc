import Definitions
import Instruments
import Testing

/// A way to break the base instrument, and all that is reported about it.
struct Break: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var from: String
  var to: String
  var reported: [String]

  init(_ description: String, _ from: String, _ to: String, _ reported: String...) {
    testDescription = description
    self.from = from
    self.to = to
    self.reported = reported
  }
}

@Suite("Broken instrument files are reported at their place")
struct BrokenFileTests {
  static let breaks: [Break] = [
    // Words and categories
    Break(
      "one label twice in a scale", "5: high }", "5: low }",
      "9:3: error: found the label 'low' twice in one scale, expected a label of its own for each number"
    ),
    Break(
      "an earlier answer in an option", "5: high }", "5: '{{b}}' }",
      "9:3: error: found {{b}} in a text that is shown as it stands, expected earlier answers in items' texts only"
    ),
    Break(
      "an earlier answer in the title", "title: Base", "title: 'Base {{a}}'",
      "3:8: error: found {{a}} in a text that is shown as it stands, expected earlier answers in items' texts only"
    ),
    // Fields
    Break(
      "no id", "id: base\n", "",
      "1:1: error: found an instrument without 'id', expected the field 'id'"),
    Break(
      "an id in capitals", "id: base", "id: Base",
      "1:5: error: found the text 'Base', expected an id such as needs-24"),
    Break(
      "an id that is not the file's name", "id: base", "id: bass",
      "1:5: error: found the id 'bass' in the file 'base.yaml', expected the id and the file's name to be the same"
    ),
    Break(
      "a version of two numbers", "1.0.0", "1.10",
      "2:10: error: found the text '1.10', expected a version such as 1.0.0"),
    Break(
      "a title that is a list", "title: Base", "title: [Base]",
      "3:8: error: found a list, expected a text"),
    Break(
      "an empty title", "title: Base", "title: ' '",
      "3:8: error: found an empty text, expected a text with something in it"),
    Break(
      "nothing as a title", "title: Base", "title:", "3:7: error: found nothing, expected a text"),
    Break(
      "a misspelt field", "construct: test", "constrct: test",
      "1:1: error: found an instrument without 'construct', expected the field 'construct'",
      "4:1: error: found the unknown field 'constrct', expected an instrument with id, version, title, construct, language, recall, basis, wording, instructions, imported, scales, items, earlier, scores, checks, tests; did you mean 'construct'?"
    ),
    Break(
      "a language by its name", "language: en", "language: English",
      "5:11: error: found the text 'English', expected a language such as en or pt-BR"),
    Break(
      "a recall of months", "recall: general", "recall: 2 months",
      "6:9: error: found the text '2 months', expected now, today, general, or days such as 14d"),
    Break(
      "a misspelt wording", "wording: original", "wording: orginal",
      "7:10: error: found the text 'orginal', expected one of verbatim, adapted, original; did you mean 'original'?"
    ),
    Break(
      "an adapted wording without a basis", "wording: original", "wording: adapted",
      "7:10: error: found a wording that is adapted, without a basis, expected the published scale under basis"
    ),
    Break(
      "a basis without a citation", "wording: original",
      "wording: adapted\nbasis: { name: X, doi: 'https://doi.org/10.1/x' }",
      "8:8: error: found a basis without 'citation', expected the field 'citation'",
      "8:24: error: found the text 'https://doi.org/10.1/x', expected an identifier such as 10.1073/pnas.1702996114, without an address"
    ),
    Break(
      "items as a mapping", "items:\n", "items: { }\nrest:\n",
      "11:8: error: found an empty mapping, expected a list of items",
      "12:1: error: found the unknown field 'rest', expected an instrument with id, version, title, construct, language, recall, basis, wording, instructions, imported, scales, items, earlier, scores, checks, tests"
    ),
    Break(
      "a duplicate field", "title: Base", "title: Base\ntitle: Other",
      "3:1: error: found the field 'title' more than once, expected each field once in a mapping"),
    // Scales and items
    Break(
      "an unknown scale", "text: C, scale: s7", "text: C, scale: s77",
      "10:3: warning: found the scale 's7', which no item uses, expected a scale that is used",
      "14:30: error: found the unknown scale 's77', expected one of s5, s7; did you mean 's7'?"),
    Break(
      "a scale that nobody uses", "text: C, scale: s7", "text: C, scale: s5",
      "10:3: warning: found the scale 's7', which no item uses, expected a scale that is used"),
    Break(
      "an unknown type", "type: slider", "type: slidr",
      "17:29: error: found the text 'slidr', expected one of single, likert, slider, number, multiple, rank, text, own, date, time, computed, instruction; did you mean 'slider'?"
    ),
    Break(
      "a scale without a type", "s7: { type: likert, range", "s7: { range",
      "10:7: error: found a scale without 'type', expected the field 'type'"),
    Break(
      "an item with neither scale nor type", "text: A, scale: s5", "text: A",
      "12:5: error: found an item without a scale or a type, expected either of the two"),
    Break(
      "an item with both", "text: C, scale: s7", "text: C, scale: s7, type: text",
      "14:40: error: found a type beside a scale, expected either of the two"),
    Break(
      "one option", "{ 1: yes, 9: no }", "{ 1: yes }",
      "19:46: error: found options that leave no choice (1), expected at least two"),
    Break(
      "options out of order", "{ 1: yes, 9: no }", "{ 9: no, 1: yes }",
      "19:55: error: found the key 1 after 9, expected keys in increasing order"),
    Break(
      "options by letter", "{ 1: yes, 9: no }", "{ y: yes, 9: no }",
      "19:48: error: found the key 'y', expected a whole number"),
    Break(
      "an option without a label", "{ 1: yes, 9: no }", "{ 1: , 9: no }",
      "19:51: error: found nothing, expected a label"),
    Break(
      "a range backwards", "range: [0, 100]", "range: [100, 0]",
      "17:50: error: found a range from 100 to 0, expected an end above 100"),
    Break(
      "a range of one number", "range: [0, 100]", "range: [100]",
      "17:44: error: found a list of 1, expected two numbers such as [0, 10]"),
    Break(
      "a range in words", "range: [1, 7]", "range: 1 to 7",
      "10:30: error: found the text '1 to 7', expected two numbers such as [0, 10]"),
    Break(
      "a range that is no number", "range: [0, 100]", "range: [0, .inf]",
      "17:48: error: found the text '.inf', expected a number from -1000000000000 to 1000000000000"),
    Break(
      "a range of a million options", "range: [1, 7]", "range: [1, 1000000]",
      "10:23: error: found options from 1 to 1000000, expected whole numbers, at most 100 apart; did you mean 'type: slider'?"
    ),
    Break(
      "a step that does not divide", "step: 5", "step: 7",
      "17:60: error: found steps of 7, expected steps that divide the 100 between the ends"),
    Break(
      "a step of zero", "step: 5", "step: 0",
      "17:60: error: found steps of 0, expected steps that divide the 100 between the ends"),
    Break(
      "a label outside its scale", "100: all", "101: all",
      "17:82: error: found a label at 101, expected a number from 0 to 100"),
    Break(
      "a number's ends the wrong way round", "at_least: 0", "at_least: 3, at_most: 2",
      "16:59: error: found a range from 3 to 2, expected an end above 3"),
    Break(
      "a field of another kind", "longest: 100", "longest: 100, step: 2",
      "15:49: error: found the unknown field 'step', expected an item with id, text, show_if, scale, type, longest, reverse, recode, required, distress, once"
    ),
    Break(
      "an instruction that is required", "type: instruction", "type: instruction, required: hard",
      "18:42: error: found the unknown field 'required', expected an item with id, text, show_if, scale, type"
    ),
    Break(
      "yes for true", "reverse: true", "reverse: yes",
      "13:43: error: found the text 'yes', expected true or false; did you mean 'true'?"),
    Break(
      "a reversed item with an open end", "unit: hours", "unit: hours, reverse: true",
      "16:72: error: found a reversed item whose scale has no two ends, expected a scale with a smallest and a largest answer"
    ),
    Break(
      "a misspelt requirement", "unit: hours", "unit: hours, required: harder",
      "16:73: error: found the text 'harder', expected one of soft, hard, no; did you mean 'hard'?"),
    Break(
      "two items of one id", "{ id: b,", "{ id: A,",
      "13:11: error: found the name 'A' again, expected another name than that on line 12",
      "21:19: error: found the unknown item or score 'b', expected the name of an item or score with answers",
      "26:24: error: found the unknown item 'b', expected the name of an item with answers"),
    Break(
      "an id that is a word of expressions", "{ id: g,", "{ id: and,",
      "18:11: error: found the name 'and', expected a letter, then letters, digits and _, at most 64, and no word of expressions"
    ),
    Break(
      "an id with a hyphen", "{ id: g,", "{ id: g-1,",
      "18:11: error: found the name 'g-1', expected a letter, then letters, digits and _, at most 64, and no word of expressions"
    ),
    // Conditions
    Break(
      "a condition that is no expression", "show_if: a > 3", "show_if: a >",
      "15:61: error: found the end, expected a name, a number, a quoted text or '('"),
    Break(
      "a condition on an unknown item", "show_if: a > 3", "show_if: aa > 3",
      "15:58: error: found unknown name 'aa', expected a name that exists here; did you mean 'a'?"),
    Break(
      "a condition on a later item", "show_if: a > 3", "show_if: e > 3",
      "15:58: error: found a condition on 'e', which is not asked before, expected conditions on earlier items"
    ),
    Break(
      "a condition that is a number", "show_if: a > 3", "show_if: a + 3",
      "15:58: error: found a number, 'a + 3', expected a truth, such as a comparison"),
    Break(
      "a condition that is never true", "show_if: a > 3", "show_if: 'a > 3 and a < 2'",
      "15:58: error: found a condition that no answers make true, expected an item that can be reached"
    ),
    // Scores
    Break(
      "an unknown item in a score", "mean: [a, b]", "mean: [a, bb]",
      "21:19: error: found the unknown item or score 'bb', expected the name of an item or score with answers; did you mean 'b'?"
    ),
    Break(
      "an item twice in a score", "mean: [a, b]", "mean: [a, b, a]",
      "21:22: error: found 'a' twice in one score, expected each item once"),
    Break(
      "an item in two scores", "total: {", "again: { sum: [b] }\n  total: {",
      "22:3: error: found the score 'again' without a worked example, expected an example of it under tests",
      "22:18: error: found 'b' in 'again' and in 'ab', expected an item in one score, or overlaps: true"
    ),
    Break(
      "a text in a mean", "mean: [a, b]", "mean: [a, d]",
      "21:19: error: found the text item 'd', expected items answered by numbers"),
    Break(
      "an instruction in a mean", "mean: [a, b]", "mean: [a, g]",
      "21:19: error: found the unknown item or score 'g', expected the name of an item or score with answers"
    ),
    Break(
      "different ranges in a mean", "mean: [a, b]", "mean: [a, c]",
      "21:19: error: found 'c' from 1 to 7, expected 1 to 5 like 'a', or mixed_ranges: true"),
    Break(
      "more answers needed than there are", "mean: [a, b]", "mean: [a, b], answered: 3",
      "21:33: error: found 3 needed of 2, expected a whole number from 1 to 2"),
    Break(
      "no answers needed", "mean: [a, b]", "mean: [a, b], answered: 0",
      "21:33: error: found 0 needed of 2, expected a whole number from 1 to 2"),
    Break(
      "a mean and a sum", "mean: [a, b]", "mean: [a, b], sum: [c]",
      "21:23: error: found a score with mean and sum, expected one of mean, sum, weighted, category, expression"
    ),
    Break(
      "a score without a formula", "{ mean: [a, b] }", "{ answered: 2 }",
      "21:7: error: found a score without a formula, expected one of mean, sum, weighted, category, expression"
    ),
    Break(
      "a mean of nothing", "mean: [a, b]", "mean: []",
      "21:3: error: found a score of no items, expected at least one"),
    Break(
      "a score that is a text", "{ mean: [a, b] }", "mean of a and b",
      "21:7: error: found the text 'mean of a and b', expected a score as a mapping"),
    Break(
      "a circle of two scores", "mean: [a, b]", "mean: [total]",
      "21:3: error: found a circle of scores: 'ab' from 'total' from 'ab', expected scores computed from items or from scores outside the circle"
    ),
    Break(
      "a score of itself", "mean: [a, b]", "mean: [ab]",
      "21:3: error: found a circle of scores: 'ab' from 'ab', expected scores computed from items or from scores outside the circle"
    ),
    Break(
      "a stated range that is wrong", "mean: [a, b]", "mean: [a, b], range: [0, 5]",
      "21:30: error: found the range 0 to 5, expected 1 to 5, which its items give"),
    Break(
      "an unknown name in an expression", "ab * 2 - c", "ab * 2 - cc",
      "22:33: error: found unknown name 'cc', expected a name that exists here; did you mean 'c'?"),
    Break(
      "first_of over different ranges", "ab * 2 - c", "'first_of(a, c)'",
      "22:24: error: found 'c' from 1 to 7, expected 1 to 5 like 'a' in first_of"),
    Break(
      "an expression that is a truth", "ab * 2 - c", "ab > 2",
      "22:24: error: found a truth, 'ab > 2', expected a number"),
    Break(
      "an item twice in a mean within an expression", "ab * 2 - c", "'mean(c, c)'",
      "22:24: error: found 'c' twice in one score, expected each item once"),
    Break(
      "operands without commas", "mean: [a, b]", "mean: [a b]",
      "21:16: error: found the unknown item or score 'a b', expected the name of an item or score with answers; did you mean 'a, b'?"
    ),
    // Checks and worked examples
    Break(
      "two checks on one item", "- { item: h, expect: 9 }",
      "- { item: h, expect: 9 }\n  - { item: h, expect: 1 }",
      "25:13: error: found a second check on 'h', expected one expected answer for each item"),
    Break(
      "a check on an unknown item", "item: h", "item: hh",
      "24:13: error: found the unknown item 'hh', expected the name of an item with answers; did you mean 'h'?"
    ),
    Break(
      "a check that expects what cannot be answered", "expect: 9", "expect: 8",
      "24:24: error: found the number 8, expected one of the numbers 1, 9"),
    Break(
      "a score without an example", ", total: 5", "",
      "22:3: error: found the score 'total' without a worked example, expected an example of it under tests"
    ),
    Break(
      "an example that does not come out", "total: 5", "total: 6",
      "26:62: error: found 6 for 'total', expected 5, which the answers give"),
    Break(
      "an example that comes to a fraction", "total: { expression: ab * 2 - c }",
      "total: { expression: ab / c }",
      "26:62: error: found 5 for 'total', expected 1.3333, which the answers give"),
    Break(
      "an example that should be missing", "total: 5", "total: missing",
      "26:62: error: found missing for 'total', expected 5, which the answers give"),
    Break(
      "an example with an answer off its scale", "b: 2, c: 3 }", "b: 2, c: 3.5 }",
      "26:33: error: found the number 3.5, expected a whole number from 1 to 7"),
    Break(
      "an example with an unknown item", "c: 3 }", "c: 3, z: 1 }",
      "26:36: error: found the unknown item 'z', expected the name of an item with answers"),
    Break(
      "an example with an unknown score", "total: 5", "total: 5, totl: 5",
      "26:65: error: found the unknown score 'totl', expected the name of an existing score; did you mean 'total'?"
    ),
    Break(
      "an example without scores", ", scores: { ab: 4, total: 5 }", "",
      "21:3: error: found the score 'ab' without a worked example, expected an example of it under tests",
      "22:3: error: found the score 'total' without a worked example, expected an example of it under tests",
      "26:5: error: found a worked example without 'scores', expected the field 'scores'"),
    // YAML
    Break(
      "a tab", "  s7:", "\ts7:",
      "10:1: error: found a tab, expected spaces: YAML indents with spaces only"),
    Break(
      "a bracket never closed", "[a, b]", "[a, b",
      "21:21: error: found a list that is not closed or not divided by commas, expected ',' or ']'"),
    Break(
      "a colon in a text between brackets", "text: C,", "text: C: c,",
      "14:21: error: found a colon and a space inside a value, expected quotes around a text with ': ' in it"
    ),
    Break(
      "a colon in a text", "title: Base", "title: Base: the first",
      "3:12: error: found a colon and a space inside a value, or a field indented too deep, expected quotes around a text with ': ' in it, or fields of one mapping in one column"
    ),
    Break(
      "an alias", "title: Base", "title: &x Base\nconstruct: *x",
      "4:12: error: found the alias '*x', expected the value itself: aliases are not supported"),
    Break(
      "a quote never closed", "title: Base", "title: 'Base",
      "3:8: error: found a quote that is never closed, expected a closing quote"),
  ]

  @Test("one mistake", arguments: breaks)
  func oneMistake(_ broken: Break) {
    let (instrument, problems) = loadBase(replacing: broken.from, with: broken.to)
    #expect((instrument == nil) == problems.hasErrors)
    #expect(baseText.contains(broken.from))
    #expect(problems.sorted.map(\.description) == broken.reported.map { "base.yaml:\($0)" })
  }
}
