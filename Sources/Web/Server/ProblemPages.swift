import Collection
import Hummingbird
import Logging
import Storage
import Studies

/// Turns what a request fails with into a page that says so, without a detail that is nobody's
/// business.
struct ProblemPages: RouterMiddleware {
  typealias Context = WebContext

  let pages: ParticipantPages

  func handle(
    _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
  ) async throws -> Response {
    do { return try await next(request, context) } catch {
      let problem = ProblemAnswer(error)
      if problem.status == .internalServerError {
        // Of our own errors it is known that they hold no answer and no token; of others, the kind.
        let what = (error as? StorageError)?.description ?? (error as? CollectionError)?.description
        context.logger.error(
          "request failed", metadata: ["error": "\(type(of: error))", "what": "\(what ?? "")"])
      }
      var response = try answer(problem, of: error, to: request)
      if problem.status == .tooManyRequests {
        response.headers[.retryAfter] = "\(Int(DownloadLimit.time))"
      }
      return response
    }
  }

  private func answer(
    _ problem: ProblemAnswer, of error: any Error, to request: Request
  ) throws -> Response {
    guard !request.uri.path.hasPrefix(pages.settings.path + ParticipantAPI.folder) else {
      return try document(problem, of: error)
    }
    let study = pages.study.known.current.study
    let texts = pages.renderer.texts.texts(
      accepting: request.headers[.acceptLanguage], among: study.languages)
    return try pages.page(
      "message", texts(problem.headline),
      ["headline": texts(problem.headline), "sentences": [texts(problem.sentence)]],
      of: study, texts: texts, language: texts.language, status: problem.status)
  }

  /// The same as a program reads it.
  private func document(_ problem: ProblemAnswer, of error: any Error) throws -> Response {
    let code = (error as? CollectionError)?.code.description ?? (error as? WebProblem)?.name
    let title = code ?? (problem.status == .notFound ? "unknown page" : "trouble")
    var response = try ParticipantAPI.json(
      ProblemDocument(
        type: "urn:longwell:problem:" + title.replacing(" ", with: "-"), title: title,
        status: problem.status.code, detail: (error as? CollectionError)?.description),
      status: problem.status)
    response.headers[.contentType] = "application/problem+json"
    if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }
}
