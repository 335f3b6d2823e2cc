/// Why a figure could not be drawn.
package enum FigureProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no gnuplot of this name on the path.
  case gnuplotMissing(String)
  /// gnuplot stopped at the script with this name, which stays where it is.
  case notDrawn(script: String)
  /// The folder could not be made or written.
  case notWritable(path: String)
  /// The name would not be a plain file name: only `a-z`, `0-9` and `-` are.
  case unusableName(String)

  /// What went wrong and what to do.
  package var description: String {
    switch self {
    case .gnuplotMissing(let name):
      """
      found no program \(name), which draws the figures; install it with \
      `sudo apt install gnuplot-nox` (Debian, Ubuntu) or `brew install gnuplot` (macOS)
      """
    case .notDrawn(let script): "gnuplot stopped at \(script); run `gnuplot \(script)` to see why"
    case .notWritable(let path): "cannot write to \(path)"
    case .unusableName(let name):
      "found the figure name \"\(name)\", expected lower-case letters, digits and hyphens"
    }
  }
}
