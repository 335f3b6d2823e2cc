package import Definitions
import Foundation

extension CarrierSettings {
  /// Reads `messages.yaml`.
  ///
  /// - Parameters:
  ///   - file: its path, for the places of problems.
  ///   - problems: takes everything that is wrong, at once.
  /// - Returns: the settings, or nil when anything is wrong.
  package static func load(
    _ bytes: [UInt8], file: String, problems: inout Problems
  ) -> CarrierSettings? {
    var found = Problems()
    defer { problems.append(found) }
    guard let root = DefinitionNode.parse(bytes, file: file, problems: &found),
      var reader = MappingReader(root, describing: "the settings of messages", problems: &found)
    else { return nil }
    let sender = sender(&reader, problems: &found)
    let mail = mail(&reader, problems: &found)
    let webhook = webhook(&reader, problems: &found)
    let folder = folder(&reader, problems: &found)
    if !["email", "webhook", "file"].contains(where: reader.has) {
      found.report(
        at: reader.place, found: "no way for messages to go", expected: "email, webhook or file")
    }
    reader.finish(problems: &found)
    guard !found.hasErrors else { return nil }
    return CarrierSettings(sender: sender, mail: mail, webhook: webhook, file: folder)
  }

  /// Names that mean this machine, where nothing needs encryption.
  private static let ownNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

  /// Reports what is no address of the web, or one that sends links and names in the clear.
  private static func isWebAddress(_ text: Located<String>, problems: inout Problems) -> Bool {
    let parts = URLComponents(string: text.value)
    let isPlain = text.value.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isPlain, let parts, let host = parts.host, !host.isEmpty, parts.user == nil,
      parts.password == nil, ["http", "https"].contains(parts.scheme ?? "")
    else {
      problems.report(
        at: text.place, found: quoted(text.value),
        expected: "an address such as https://gateway.example.org/send")
      return false
    }
    guard parts.scheme == "https" || ownNames.contains(host) else {
      problems.report(
        at: text.place, found: quoted(text.value),
        expected: "an address with https: names and links must not travel in the clear",
        suggestion: "https" + text.value.dropFirst(4))
      return false
    }
    return true
  }

  private static func sender(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> OutgoingMessage.Mailbox? {
    guard var from = reader.optionalMapping("from", describing: "the sender", problems: &problems)
    else { return nil }
    let name = from.optionalString("name", problems: &problems)
    let email = from.string("email", problems: &problems)
    from.finish(problems: &problems)
    guard let email else { return nil }
    guard MailAddress.isPlain(email.value) else {
      problems.report(
        at: email.place, found: quoted(email.value), expected: "an address such as team@example.org"
      )
      return nil
    }
    return OutgoingMessage.Mailbox(name: name?.value, address: email.value)
  }

  private static func mail(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> MailSettings? {
    guard
      var mail = reader.optionalMapping("email", describing: "the mail server", problems: &problems)
    else { return nil }
    let host = mail.string("host", problems: &problems)
    let port = mail.optionalInteger("port", in: 1...65_535, problems: &problems)
    let security = mail.optionalChoice(
      "security", of: MailSettings.Security.self, problems: &problems)
    let user = mail.optionalString("user", problems: &problems)
    let certificates = mail.optionalString("certificates", problems: &problems)
    refuseSecret("password", in: mail, variable: "LONGWELL_SMTP_PASSWORD", problems: &problems)
    mail.finish(knowing: ["password"], problems: &problems)
    guard let host else { return nil }
    guard !host.value.isEmpty,
      host.value.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || "-.[]:".utf8.contains(byte)
      })
    else {
      problems.report(
        at: host.place, found: quoted(host.value),
        expected: "the name of a mail server, such as smtp.example.org")
      return nil
    }
    let kind = security?.value ?? .starttls
    if kind == .none, !ownNames.contains(host.value) {
      problems.report(
        at: security?.place ?? host.place, found: "no encryption to \(quoted(host.value))",
        expected: "starttls or tls; none is for a server on this machine")
    }
    // The ports of RFC 6409, RFC 8314 and RFC 5321.
    let standard =
      switch kind {
      case .starttls: 587
      case .tls: 465
      case .none: 25
      }
    return MailSettings(
      host: host.value, port: port?.value ?? standard, security: kind, user: user?.value,
      certificates: certificates?.value)
  }

  private static func webhook(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> WebhookSettings? {
    guard
      var webhook = reader.optionalMapping(
        "webhook", describing: "the gateway", problems: &problems)
    else { return nil }
    let url = webhook.string("url", problems: &problems)
    let certificates = webhook.optionalString("certificates", problems: &problems)
    refuseSecret("secret", in: webhook, variable: "LONGWELL_WEBHOOK_SECRET", problems: &problems)
    webhook.finish(knowing: ["secret"], problems: &problems)
    guard let url, isWebAddress(url, problems: &problems) else { return nil }
    return WebhookSettings(url: url.value, certificates: certificates?.value)
  }

  private static func folder(
    _ reader: inout MappingReader, problems: inout Problems
  ) -> FileSettings? {
    guard var file = reader.optionalMapping("file", describing: "the folder", problems: &problems)
    else { return nil }
    let folder = file.string("folder", problems: &problems)
    file.finish(problems: &problems)
    return folder.map { FileSettings(folder: $0.value) }
  }

  /// A study's folder is copied and shared; what opens a door must not be in it.
  private static func refuseSecret(
    _ key: String, in reader: MappingReader, variable: String, problems: inout Problems
  ) {
    guard reader.has(key) else { return }
    problems.report(
      at: reader.place(of: key), found: "a secret in the study's folder",
      expected: "it in the key folder or in the environment's \(variable)")
  }
}
