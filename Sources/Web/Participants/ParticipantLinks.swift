import Foundation

/// The addresses of a participant's pages, as paths on this host.
struct ParticipantLinks: Sendable {
  /// The path of the study's address, empty or beginning with a slash, and the participant's token.
  let home: String

  init(base: String, token: String) { home = "\(base)/p/\(token)" }

  var consent: String { home + "/consent" }
  var settings: String { home + "/settings" }
  var data: String { home + "/data" }
  var leave: String { home + "/leave" }
  var logs: String { home + "/logs" }
  var logsPreview: String { logs + "/preview" }
  var worker: String { home + "/sw.js" }
  var manifest: String { home + "/app.webmanifest" }

  func begin(_ occasion: UUID) -> String { "\(home)/begin/\(occasion.uuidString.lowercased())" }
  func open(_ plan: String) -> String { "\(home)/open/\(plan)" }
  func session(_ uuid: UUID) -> String { "\(home)/s/\(uuid.uuidString.lowercased())" }
  func page(_ number: Int, of session: UUID) -> String { self.session(session) + "/\(number + 1)" }
  func review(_ session: UUID) -> String { self.session(session) + "/review" }
  func thanks(_ session: UUID) -> String { self.session(session) + "/thanks" }
  func support(_ session: UUID, before page: Int?) -> String {
    self.session(session) + "/support" + (page.map { "/\($0 + 1)" } ?? "")
  }

  /// A part of the preview: a month, a day, or what has no time.
  func logs(_ part: String) -> String { "\(logsPreview)/\(part)" }

  /// Those that templates name.
  var fields: [String: Any] {
    [
      "home": home, "consent": consent, "settings": settings, "data": data, "leave": leave,
      "logs": logs, "preview": logsPreview,
      "zone": settings + "/zone", "language": settings + "/language", "hours": settings + "/hours",
      "pause": settings + "/pause", "reminders": settings + "/reminders",
    ]
  }
}
