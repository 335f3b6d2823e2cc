import Definitions
import Instruments

/// A small instrument with an item of each kind, from which tests make others.
let baseText = """
  id: base
  version: 1.0.0
  title: Base
  construct: test
  language: en
  recall: general
  wording: original
  scales:
    s5: { type: likert, options: { 1: low, 2: b, 3: c, 4: d, 5: high } }
    s7: { type: likert, range: [1, 7] }
  items:
    - { id: a, text: A, scale: s5 }
    - { id: b, text: B, scale: s5, reverse: true }
    - { id: c, text: C, scale: s7 }
    - { id: d, text: D, type: text, longest: 100, show_if: a > 3 }
    - { id: e, text: E, type: number, at_least: 0, unit: hours }
    - { id: f, text: F, type: slider, range: [0, 100], step: 5, labels: { 0: none, 100: all } }
    - { id: g, text: G, type: instruction }
    - { id: h, text: H, type: single, options: { 1: yes, 9: no } }
  scores:
    ab: { mean: [a, b] }
    total: { expression: ab * 2 - c }
  checks:
    - { item: h, expect: 9 }
  tests:
    - { answers: { a: 4, b: 2, c: 3 }, scores: { ab: 4, total: 5 } }

  """

/// Loads a text as `base.yaml`.
func load(_ text: String) -> (instrument: Instrument?, problems: Problems) {
  load(Array(text.utf8))
}

/// Loads bytes as `base.yaml`.
func load(_ bytes: [UInt8]) -> (instrument: Instrument?, problems: Problems) {
  var problems = Problems()
  let instrument = Instrument.load(bytes, file: "base.yaml", problems: &problems)
  return (instrument, problems)
}

/// Loads the base with some of its text replaced.
func loadBase(
  replacing from: String = "", with to: String = ""
) -> (instrument: Instrument?, problems: Problems) {
  load(from.isEmpty ? baseText : baseText.replacing(from, with: to))
}
