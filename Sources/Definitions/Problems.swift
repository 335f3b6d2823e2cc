/// The list of everything that is wrong with one or more definition files.
///
/// Reading a file takes it `inout`, so that all problems are reported at once. Nobody reads more than a
/// thousand: those after are counted, and a hostile file cannot make the list outgrow it by far.
package struct Problems: Error, Hashable, Sendable {
  /// The most problems that are kept.
  package static let limit = 1000

  /// The problems in the order in which they were found, at most ``limit``.
  package private(set) var list: [Problem] = []
  /// How many errors were found after the list was full.
  package private(set) var omittedErrors = 0

  /// No problems.
  package init() {}

  /// The given problems.
  package init(_ list: [Problem]) {
    for problem in list { report(problem) }
  }

  /// Whether any of them makes a definition unusable.
  package var hasErrors: Bool {
    errorCount > 0
  }

  /// Whether nothing was reported, not even a warning.
  package var isEmpty: Bool { list.isEmpty }

  /// The problems that make a definition unusable.
  package var errorCount: Int {
    list.count { $0.severity == .error } + omittedErrors
  }

  /// The problems by file, line and column; those at one place in the order they were found.
  package var sorted: [Problem] {
    list.enumerated()
      .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
      .map(\.element)
  }

  /// Adds a problem.
  package mutating func report(_ problem: Problem) {
    if list.count < Problems.limit {
      list.append(problem)
    } else if problem.severity == .error {
      omittedErrors += 1
    }
  }

  /// Adds a problem; the suggestion is only looked for while the list is not full.
  package mutating func report(
    _ severity: Problem.Severity = .error, at place: Place, found: String, expected: String,
    suggestion: @autoclosure () -> String? = nil
  ) {
    let suggestion = list.count < Problems.limit ? suggestion() : nil
    report(
      Problem(severity, at: place, found: found, expected: expected, suggestion: suggestion))
  }

  /// Adds the problems of another list.
  package mutating func append(_ others: Problems) {
    for problem in others.list { report(problem) }
    omittedErrors += others.omittedErrors
  }
}
