import Collection
import Foundation
import Hummingbird

extension TeamPages {
  func addSigningIn<Routes: RouterMethods>(to router: Routes)
  where Routes.Context == WebContext {
    router.get("team/sign-in") { _, _ in try signInPage() }
    router.post("team/sign-in") { request, context in
      let form = try await FormFields(request)
      let network = ClientAddress.network(
        of: ClientAddress(trusted: pages.settings.trustedProxies).of(request, context))
      do {
        return try await gate.pass(network) { try await signIn(form, network: network) }
      } catch is SignInGate.Crowded {
        var response = try signInPage(
          problem: texts("sign_in_crowded"), status: .tooManyRequests)
        response.headers[.retryAfter] = "10"
        return response
      }
    }
    post("team/sign-out", on: router) { visit, form, _ in
      try await visit.desk.signOut(
        visit.token, everywhere: form["everywhere"] == "yes", now: visit.now)
      var response = pages.redirect(signInPath)
      response.headers[.setCookie] = cookie(nil)
      return response
    }
  }

  private func signIn(_ form: FormFields, network: String) async throws -> Response {
    let name = form["name"] ?? ""
    do {
      let desk = try await pages.study.current()
      let token = try await desk.signIn(
        name, password: form["password"] ?? "", code: form["code"] ?? "", work: work,
        now: pages.clock())
      var response = pages.redirect(folder)
      response.headers[.setCookie] = cookie(token.text)
      return response
    } catch let error as CollectionError where error.code == .signInRefused {
      // Guessing one name from many networks is slow too; who knows the password never waits.
      let now = pages.clock()
      let seconds = max(
        delay.failure(of: network, now: now),
        delay.failure(of: "name \(name.lowercased().prefix(64))", now: now))
      try await pages.wait(seconds)
      return try signInPage(problem: texts("sign_in_refused"), status: .unauthorized)
    }
  }

  private func signInPage(
    problem: String? = nil, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    var fields: [String: Any] = ["action": signInPath]
    fields["problem"] = problem
    return try html("signin", texts("sign_in_title"), fields, status: status)
  }
}
