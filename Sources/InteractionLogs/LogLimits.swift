package import Archives

/// What an export may hold at most, so that no file can fill the memory.
package struct LogLimits: Hashable, Sendable {
  /// Bytes of one conversation. The longest that people have are some megabytes; one that is larger is
  /// skipped and counted.
  package var conversationBytes: Int
  /// Bytes of a zip within a zip, which is held in memory while it is read.
  package var nestedArchiveBytes: Int
  /// Limits of zips. Conversations pack to a seventh, so two hundred is a bomb's ratio.
  package var archive: ArchiveLimits

  /// Limits; the defaults suit exports of many years.
  package init(
    conversationBytes: Int = 64 << 20, nestedArchiveBytes: Int = 512 << 20,
    archive: ArchiveLimits = ArchiveLimits(
      entries: 200_000, entryBytes: 16 << 30, totalBytes: 32 << 30, ratio: 200)
  ) {
    self.conversationBytes = conversationBytes
    self.nestedArchiveBytes = nestedArchiveBytes
    self.archive = archive
  }
}
