import Collection
import Definitions
import Foundation
import Messages
import Storage
import Studies

/// Carriers as a study's `messages.yaml` and key folder describe them.
enum CarrierDoor {
  /// Who sends a study's messages, or `nil` for a study that sends none.
  ///
  /// - Parameter address: what links begin with; nil for the address that `link --address` has kept.
  /// - Throws: ``CommandFailure`` where the settings are not there, are wrong, or lack a secret.
  static func messenger(
    for door: StudyDoor, at address: LinkAddress? = nil
  ) throws -> Messenger? {
    let sends = door.desk.versions.values.contains {
      !$0.study.messages.isEmpty || !door.isRehearsal && $0.study.safety != nil
    }
    guard sends else { return nil }
    let settings = try settings(for: door, writing: true)
    return Messenger(
      desk: door.desk, carriers: try carriers(settings, door.places),
      links: try address ?? door.places.linkAddress(), sender: settings.sender)
  }

  /// The channels that the settings name.
  ///
  /// - Parameter writing: whether something is to go by them; from a rehearsal it would go to people.
  /// - Throws: ``CommandFailure`` where the settings are not there, are wrong or not for a rehearsal.
  static func channels(for door: StudyDoor, writing: Bool) throws -> [Channel] {
    try settings(for: door, writing: writing).channels
  }

  private static func settings(for door: StudyDoor, writing: Bool) throws -> CarrierSettings {
    let url = door.places.messages
    guard let bytes = try? Data(contentsOf: url) else {
      throw CommandFailure(
        .refused,
        """
        \(url.path): the study sends messages, or alerts, and there is no such file to say how; for
        example
          email: { host: smtp.example.org, user: team }
        with the password in LONGWELL_SMTP_PASSWORD
        """)
    }
    var problems = Problems()
    guard
      let settings = CarrierSettings.load(
        Array(bytes), file: url.relativePath, problems: &problems)
    else { throw problems }
    guard !writing || !door.isRehearsal || settings.channels == [.file] else {
      throw CommandFailure(
        .refused,
        "this folder holds a rehearsal: its messages go to files; let messages.yaml say only "
          + "file: { folder: /somewhere }")
    }
    return settings
  }

  private static func carriers(
    _ settings: CarrierSettings, _ places: StudyPlaces
  ) throws -> [any Carrier] {
    var carriers: [any Carrier] = []
    if let mail = settings.mail {
      let password = try mail.user.map { _ in
        try secret("smtp.password", variable: "LONGWELL_SMTP_PASSWORD", places)
      }
      carriers.append(SMTPCarrier(mail, password: password))
    }
    if let webhook = settings.webhook {
      let secret = try secret("webhook.secret", variable: "LONGWELL_WEBHOOK_SECRET", places)
      carriers.append(WebhookCarrier(webhook, secret: Array(secret.utf8)))
    }
    if let file = settings.file {
      carriers.append(FileCarrier(folder: try folder(file, places)))
    }
    return carriers
  }

  /// A folder outside the study's, which is copied and shared: messages hold names and addresses.
  private static func folder(_ file: FileSettings, _ places: StudyPlaces) throws -> URL {
    var problems = Problems()
    check(file, in: places, problems: &problems)
    guard !problems.hasErrors else { throw problems }
    return URL(filePath: file.folder, directoryHint: .isDirectory, relativeTo: base(of: places))
      .absoluteURL.standardizedFileURL
  }

  /// Reports a folder for messages that is inside the study's.
  static func check(_ file: FileSettings, in places: StudyPlaces, problems: inout Problems) {
    let base = base(of: places)
    let folder = URL(filePath: file.folder, directoryHint: .isDirectory, relativeTo: base)
      .absoluteURL.standardizedFileURL
    let inside = base.resolvingSymlinksInPath().path
    let path = folder.resolvingSymlinksInPath().path
    guard path == inside || path.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/") else {
      return
    }
    problems.report(
      at: .whole(places.messages.relativePath), found: "the folder \(quoted(file.folder))",
      expected: "one outside the study's folder: messages hold names, addresses and links")
  }

  private static func base(of places: StudyPlaces) -> URL {
    places.folder.absoluteURL.standardizedFileURL
  }

  /// A line of a file in the key folder that its owner alone can read, or the environment's.
  private static func secret(
    _ name: String, variable: String, _ places: StudyPlaces
  ) throws -> String {
    if let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty { return value }
    let url = try KeyFolder.existing(places).url.appending(path: name)
    guard let text = try? String(contentsOf: url, encoding: .utf8),
      let line = text.split(whereSeparator: \.isNewline).first
    else {
      throw CommandFailure(
        .refused, "found no \(variable) in the environment, expected it there or a file \(url.path)"
      )
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
    let permissions = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
    guard permissions & 0o077 == 0 else {
      throw CommandFailure(
        .refused, "others can read the file \(url.path); run chmod 600 on it")
    }
    return String(line)
  }
}

extension StudyPlaces {
  /// How messages leave this machine.
  var messages: URL { folder.appending(path: "messages.yaml") }
  /// Held by who sends the study's messages.
  var lock: URL { data.appending(path: "run.lock") }
}
