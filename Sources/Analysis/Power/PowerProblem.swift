import Definitions

/// Why power cannot be had for what was asked: data, from which one text is made.
package enum PowerProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The effect is not written as `TERM=VALUE`.
  case unreadableEffect(String)
  /// The plan has no such model.
  case unknownModel(String, known: [String])
  /// Effects of two models at once.
  case severalModels([String])
  /// The model has no such coefficient.
  case unknownTerm(String, model: String, known: [String])
  /// The effect is of something that is no column of the table: a function, or one that people's answers
  /// make.
  case unsettableTerm(String, reason: String)
  /// The model reads a column that is not known before anybody answers.
  case unsimulatedColumn(String, model: String, reason: String)
  /// The response is no mean of items that have courses in simulation.yaml.
  case noCourse(String, known: [String])
  /// The rows of the analysis are none.
  case noOccasions
  /// No replicate could be fitted.
  case noFit(String)

  package var description: String {
    switch self {
    case .unreadableEffect(let text):
      "found the effect \(quoted(text)), expected TERM=VALUE, such as week:arm[supportive]=0.1"
    case .unknownModel(let name, let known):
      "found the model \(quoted(name)), expected one of \(known.joined(separator: ", "))"
        + suggestion(name, known)
    case .severalModels(let names):
      "found effects of the models \(names.joined(separator: " and ")), expected effects of one"
    case .unknownTerm(let term, let model, let known):
      "the model \(model) has no term \(quoted(term)); it has \(known.joined(separator: ", "))"
        + suggestion(term, known)
    case .unsettableTerm(let term, let reason):
      "the effect of \(quoted(term)) cannot be set: \(reason)"
    case .unsimulatedColumn(let column, let model, let reason):
      "the model \(model) uses \(quoted(column)), which \(reason); power is had for models of columns "
        + "that are known beforehand, such as days_since(enrolment), index, site and arm"
    case .noCourse(let source, let known):
      "the response \(quoted(source)) is no mean of items that all have a course in simulation.yaml, which "
        + "has courses of " + (known.isEmpty ? "nothing" : known.joined(separator: ", "))
    case .noOccasions: "no occasion of the plan's table is planned for anybody"
    case .noFit(let reason): "no replicate could be fitted: \(reason)"
    }
  }

  private func suggestion(_ name: String, _ known: [String]) -> String {
    nearestName(to: name, among: known).map { ". Did you mean \(quoted($0))?" } ?? ""
  }
}
