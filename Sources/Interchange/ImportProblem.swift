/// Why nothing of a foreign file could be read.
package struct ImportProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, for programs.
  package enum Code: Hashable, Sendable {
    /// The file is none of the format.
    case wrongFormat
    /// The file is damaged, too large or hostile.
    case unreadable
    /// The file can be read and has no questions.
    case nothingToImport
    /// What would come out breaks a rule of ours that no omission can mend.
    case unwritable
    /// What is asked for cannot be: an option that makes no sense.
    case usage
  }

  /// What is wrong, for programs.
  package let code: Code
  /// What was found and what was expected, with its place in the file.
  package let description: String

  /// A problem in words.
  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
