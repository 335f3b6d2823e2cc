/// What gnuplot needs to draw one figure: a script, and the numbers beside it.
///
/// The script holds text only as strings from ``GnuplotText``, and refers to its data by the name of
/// the file, so that the folder can be moved and every figure drawn again by hand.
package struct Drawing: Hashable, Sendable {
  /// The stem of its files: lower-case letters, digits, hyphens.
  package var name: String
  /// What the figure shows, for those who cannot see it.
  package var description: String
  /// gnuplot commands, to run after the terminal and the output are set.
  package var script: String
  /// Tab-separated numbers; blocks are separated by two empty lines.
  package var data: String
  /// Width in pixels, beside text of 14 pixels.
  package var width: Int
  /// Height in pixels.
  package var height: Int

  /// The name after which the figure for narrow screens is called.
  package static let narrowSuffix = "-narrow"

  /// The name of the file with the numbers, as the script refers to it.
  static func dataFile(of name: String) -> String { name + ".tsv" }
}
