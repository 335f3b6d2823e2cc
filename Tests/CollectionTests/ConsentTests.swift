import Collection
import Crypto
import Foundation
import Storage
import Testing

struct ConsentTests {
  @Test func `consent is recorded by parts, with the hash of the exact text`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol(consenting: false)
    let outcome = try await stage.desk.consent(
      name, to: ["surveys"], language: "en", now: Stage.start)
    #expect(outcome.isComplete)
    #expect(outcome.planned == 3)
    let decisions = try await stage.database.read { try $0.consents(of: name) }
    #expect(decisions.map(\.part) == ["surveys", "recontact"])
    #expect(decisions.map(\.isAgreed) == [true, false])
    #expect(decisions.map(\.language) == ["en", "en"])
    let text = try Data(
      contentsOf: Stage.fixture.appendingPathComponent("consent/v1.en.md"))
    let hash = SHA256.hash(data: text).map { String(format: "%02x", $0) }.joined()
    #expect(decisions.allSatisfy { $0.textHash == hash })
  }

  @Test func `without a required part nothing is planned and nothing can begin`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol(consenting: false)
    let declined = try await stage.desk.consent(name, to: ["recontact"], now: Stage.start)
    #expect(!declined.isComplete)
    #expect(try await stage.database.read { try $0.occasions(of: name) }.isEmpty)

    let agreed = try await stage.desk.consent(name, to: ["surveys"], now: Stage.start)
    #expect(agreed.planned == 3)
    // Asked again, nothing is planned twice.
    #expect(
      try await stage.desk.consent(name, to: ["surveys"], now: Stage.start).planned == 0)

    let occasion = try await stage.occasion("baseline", of: name)
    _ = try await stage.desk.consent(name, to: [], now: Stage.start)
    #expect(try await stage.desk.due(now: Stage.start).isEmpty)
    let error = await refusal {
      _ = try await stage.desk.begin(occasion.uuid, of: name, now: Stage.start)
    }
    #expect(error?.code == .consentMissing)
    #expect(error?.detail == "ask for surveys")
  }

  @Test func `an unknown part is refused with the nearest one`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol(consenting: false)
    let error = await refusal {
      try await stage.desk.consent(name, to: ["survey"], now: Stage.start)
    }
    #expect(error?.code == .unknownConsentPart)
    #expect(error?.detail == "did you mean surveys?")
    #expect(try await stage.database.read { try $0.consents(of: name) }.isEmpty)
  }

  @Test func `occasions keep UTC, wall clock, offset and the version of the zones`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol()
    let occasions = try await stage.database.read { try $0.occasions(of: name) }
    #expect(occasions.map(\.plan) == ["baseline", "week", "week"])
    #expect(
      occasions.map(\.opensLocal)
        == ["2026-01-12T11:00:00", "2026-01-19T09:00:00", "2026-01-26T09:00:00"])
    #expect(occasions.map(\.offsetSeconds) == [3600, 3600, 3600])
    // 09:00 in Amsterdam in January is 08:00Z.
    #expect(occasions[1].opens == Stage.after(hours: 7 * 24 - 2))
    #expect(occasions[1].closes == Stage.after(hours: 9 * 24 - 2))
    #expect(occasions.allSatisfy { !$0.zoneDataVersion.isEmpty })
  }

  @Test func `the plan counts from enrolment, and what has passed is not planned`() async throws {
    let stage = try await Stage()
    let name = try await stage.enrol(consenting: false)
    let late = try await stage.desk.consent(
      name, to: ["surveys"], now: Stage.after(hours: 80))
    #expect(late.planned == 2)
    let occasions = try await stage.database.read { try $0.occasions(of: name) }
    #expect(occasions.map(\.plan) == ["week", "week"])
    #expect(occasions[0].opens == Stage.after(hours: 7 * 24 - 2))
  }
}
