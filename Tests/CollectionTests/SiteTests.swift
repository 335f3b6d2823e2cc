import Collection
import Foundation
import Storage
import Studies
import Testing

/// A study of two sites with nine places; see Fixtures/sites.
struct SiteTests {
  @Test func `everybody has one of the sites, named where there are several`() async throws {
    let stage = try await Stage(fixture: "sites")
    let name = try await stage.enrol(site: "accra")
    #expect(try await stage.database.read { try $0.participant(name) }?.site == "accra")
    let unnamed = await refusal { _ = try await stage.enrol() }
    #expect(unnamed?.code == .unknownSite)
    #expect(unnamed?.detail == "there are leiden, accra")
    let unknown = await refusal { _ = try await stage.enrol(site: "main") }
    #expect(unknown?.code == .unknownSite)
    let single = try await Stage()
    let only = try await single.enrol()
    #expect(try await single.database.read { try $0.participant(only) }?.site == "main")
  }

  @Test func `a full study takes nobody else, except to try it out`() async throws {
    let stage = try await Stage(fixture: "sites")
    for _ in 0..<9 { _ = try await stage.enrol(site: "leiden") }
    let refused = await refusal { _ = try await stage.enrol(site: "leiden") }
    #expect(refused?.code == .full)
    _ = try await stage.enrol(isTest: true, site: "leiden")
    #expect(try await stage.database.read { try $0.participants() }.count == 10)
  }

  @Test func `blocks balance each site, and test participants none`() async throws {
    let stage = try await Stage(allocationSeed: 5, fixture: "sites")
    for _ in 0..<4 { _ = try await stage.randomised(site: "leiden") }
    for _ in 0..<3 { _ = try await stage.randomised(isTest: true, site: "leiden") }
    for _ in 0..<4 { _ = try await stage.randomised(site: "accra") }
    let counts = try await stage.database.read { try $0.allocationCounts() }
    #expect(counts["site=leiden"] == ["usual": 2, "supportive": 2])
    #expect(counts["site=accra"] == ["usual": 2, "supportive": 2])
    #expect(counts["test;site=leiden"]?.values.reduce(0, +) == 3)
    let audit = try await stage.desk.auditAllocation()
    #expect(audit.count == 11 && audit.allSatisfy { $0.agrees })
    #expect(try await stage.database.verify() == [])
  }
}
