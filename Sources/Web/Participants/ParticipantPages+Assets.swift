import Collection
import Foundation
import Hummingbird
import Storage
import Studies

extension ParticipantPages {
  func addAssets(to router: RouterGroup<WebContext>) {
    router.get("assets/:name") { _, context in
      let name = context.parameters.get("name") ?? ""
      guard let asset = renderer.assets.first(where: { $0.name == name }) else {
        throw WebProblem.unknownPage
      }
      // The name changes with the content, so it can be kept for good.
      return Response(
        status: .ok,
        headers: [
          .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable",
        ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
    router.get("p/:token/sw.js") { request, context in
      _ = try await visit(request, context)
      return Response(
        status: .ok,
        headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: renderer.worker)))
    }
    router.get("p/:token/app.webmanifest") { request, context in
      let visit = try await visit(request, context)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let data = try encoder.encode(
        [
          "name": visit.version.study.title(in: visit.participant.language),
          "short_name": visit.texts("home_title"),
          "start_url": visit.links.home, "scope": visit.links.home, "display": "browser",
          "lang": visit.texts.language, "dir": visit.texts.direction,
        ])
      return Response(
        status: .ok, headers: [.contentType: "application/manifest+json"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
  }
}
