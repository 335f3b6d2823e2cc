import Collection
import Hummingbird
import Storage

extension ParticipantPages {
  /// The files of somebody's own data, as `Collection` names them.
  private static let files = [
    "my-data.json", "answers.csv", "scores.csv", "occasions.csv", "consents.csv",
  ]

  func addOwnData(to router: RouterGroup<WebContext>) {
    router.get("p/:token/data") { request, context in
      let visit = try await visit(request, context)
      return try page(
        "data", visit.texts("data_title"), ["action": visit.links.data, "files": Self.files],
        of: visit)
    }
    post("p/:token/data", on: router) { visit, form, _ in
      try downloads.count(visit.participant.pseudonym, now: visit.now)
      let data = try await visit.desk.ownData(of: visit.participant.pseudonym, now: visit.now)
      guard let file = data.files.first(where: { $0.name == form["file"] ?? "my-data.json" })
      else { throw WebProblem.unknownPage }
      let type = file.name.hasSuffix(".json") ? "application/json" : "text/csv; charset=utf-8"
      return Response(
        status: .ok,
        headers: [
          .contentType: type, .contentDisposition: "attachment; filename=\"\(file.name)\"",
        ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
  }
}
