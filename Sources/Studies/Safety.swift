import Definitions
package import LocalTime

/// What happens when somebody in a study is not well: required where instruments ask about distress.
package struct Safety: Hashable, Sendable {
  /// What the participant is shown, a file for each language.
  package let text: TextTemplate
  /// Whom the participant can turn to.
  package let contact: HelpContact
  /// The address of whoever looks at answers of concern.
  package let alertEmail: String
  /// How soon after such an answer.
  package let alertWithin: Span
}

/// Whom a participant can turn to, by telephone, e-mail or both.
package struct HelpContact: Hashable, Sendable {
  /// A person or a service.
  package let name: String
  /// A telephone number, as it is dialled.
  package let phone: String?
  /// An e-mail address.
  package let email: String?

  /// As people read it: `Study doctor, +31 71 000 0000, doctor@example.org`.
  package var line: String { [name, phone, email].compactMap(\.self).joined(separator: ", ") }
}

/// `safety:` of a study just read.
struct SafetyDraft {
  /// Whether the file says anything about it, right or wrong.
  private(set) var isDeclared = false
  private(set) var safety: Safety?
  /// The path of what participants are shown.
  private(set) var text: Located<TextTemplate>?

  static func read(
    _ study: inout MappingReader, languages: [String], problems: inout Problems
  ) -> SafetyDraft {
    var draft = SafetyDraft()
    draft.isDeclared = study.has("safety")
    guard
      var reader = study.optionalMapping(
        "safety", describing: "what happens in distress", problems: &problems)
    else { return draft }
    let path = reader.string("text", problems: &problems)
    let template = StudyReader.template(path, languages: languages, problems: &problems)
    draft.text = path.flatMap { path in template.map { Located($0, at: path.place) } }
    let contact = contact(&reader, problems: &problems)
    var alert = reader.mapping("alert", describing: "an alert", problems: &problems)
    let email = alert?.string("email", problems: &problems)
    let within = StudyReader.span(
      alert?.string("within", problems: &problems), problems: &problems)
    alert?.finish(problems: &problems)
    reader.finish(problems: &problems)
    guard let template, let contact,
      let address = StudyReader.address(email, problems: &problems), let within
    else { return draft }
    draft.safety = Safety(
      text: template, contact: contact, alertEmail: address, alertWithin: within)
    return draft
  }

  private static func contact(
    _ safety: inout MappingReader, problems: inout Problems
  ) -> HelpContact? {
    guard
      var reader = safety.mapping("contact", describing: "whom to contact", problems: &problems)
    else { return nil }
    let name = reader.string("name", problems: &problems)
    let phone = reader.optionalString("phone", problems: &problems)
    let email = reader.optionalString("email", problems: &problems)
    if !reader.has("phone"), !reader.has("email") {
      problems.report(
        at: reader.place, found: "a contact without a way to reach it",
        expected: "phone, email, or both")
    }
    reader.finish(problems: &problems)
    let address = StudyReader.address(email, problems: &problems)
    guard let name, phone != nil || address != nil else { return nil }
    return HelpContact(name: name.value, phone: phone?.value, email: address)
  }
}
