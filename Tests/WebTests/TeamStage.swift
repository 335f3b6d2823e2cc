import Collection
import Foundation
import HTTPTypes
import Identities
import Storage
import Testing

@testable import Web

/// People of the study team, with a browser each.
extension WebStage {
  static let password = "correct horse battery"

  /// The cookie of somebody who has signed in through the page.
  func signIn(
    _ role: ResearcherRole, sites: Set<String>? = nil, name: String? = nil
  ) async throws -> HTTPFields {
    let name = name ?? "\(role)"
    let credentials = try await add(role, sites: sites, name: name)
    let answer = try await post(
      "/team/sign-in",
      [
        "name": name, "password": Self.password,
        "code": credentials.secondFactor.code(at: clock.value),
      ])
    #expect(answer.status == 303 && answer.location == "/team")
    let cookie = try #require(answer.headers[.setCookie]?.split(separator: ";").first)
    return [.cookie: String(cookie)]
  }

  /// Keeps how to reach a participant.
  func keepContact(of pseudonym: String, name: String, email: String) async throws {
    try await desk.identities?.store(
      ContactDetails(name: name, email: email), of: pseudonym, at: clock.value)
  }

  func add(
    _ role: ResearcherRole, sites: Set<String>? = nil, name: String
  ) async throws -> ResearcherCredentials {
    let credentials = ResearcherCredentials()
    _ = try await server.study.known.addResearcher(
      name, as: role, sites: sites, password: Self.password, credentials,
      work: server.passwords, now: clock.value)
    return credentials
  }

  /// A token of a new researcher's program.
  func program(
    _ role: ResearcherRole, _ scopes: Set<TokenScope>, sites: Set<String>? = nil
  ) async throws -> HTTPFields {
    let name = "\(role) \(scopes.map(\.rawValue).sorted()) \(sites ?? [])".filter(\.isLetter)
    _ = try await add(role, sites: sites, name: name)
    let made = try await desk.makeAPIToken(
      of: name, label: "test", scopes: scopes, now: clock.value)
    return [.authorization: "Bearer \(made.token.text)"]
  }

  /// Sends a form of the team's as a browser does that shows the cookie and the secret of its page.
  func post(
    _ path: String, by cookie: HTTPFields, _ fields: [String: String] = [:],
    secret: String? = nil
  ) async throws -> Answer {
    var headers = cookie
    headers[.origin] = Self.origin
    headers[.contentType] = "application/x-www-form-urlencoded"
    let token = cookie[.cookie]?.split(separator: "=").last.map(String.init) ?? ""
    let all = fields.merging(["secret": secret ?? TeamPages.formSecret(of: token)]) { $1 }
    let body = all.map { name, value in
      "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }.joined(separator: "&")
    return try await send(.post, path, headers, Array(body.utf8))
  }
}
