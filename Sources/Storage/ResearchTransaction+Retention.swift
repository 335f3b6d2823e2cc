package import Foundation

extension ResearchTransaction {
  /// Records that what had been kept long enough was erased: whose contact, and whose answers.
  package func recordRetention(
    contacts: [String], data: [String], at now: Date
  ) throws(StorageError) {
    try append(
      .retentionApplied, to: .study,
      content: .object(["contacts": .texts(contacts), "data": .texts(data)]), at: now)
  }
}
