/// What an archive may hold at most, so that a small hostile file cannot become a large one.
package struct ArchiveLimits: Hashable, Sendable {
  /// Entries, folders included.
  package var entries: Int
  /// Bytes of one entry when unpacked.
  package var entryBytes: Int
  /// Bytes of all entries together when unpacked.
  package var totalBytes: Int
  /// Unpacked bytes for each packed byte of the whole archive; the first mebibyte is free, as short
  /// texts pack well.
  package var ratio: Int

  /// Limits; the defaults are for spreadsheets, which have some twenty entries, seldom more than ten
  /// mebibytes, and pack to a thirtieth at best. An export of years of conversations needs more.
  package init(
    entries: Int = 2000, entryBytes: Int = 64 << 20, totalBytes: Int = 128 << 20, ratio: Int = 200
  ) {
    self.entries = entries
    self.entryBytes = entryBytes
    self.totalBytes = totalBytes
    self.ratio = ratio
  }

  /// The most bytes that an archive of a size may unpack to.
  func total(ofPacked count: Int) -> Int {
    let (product, overflows) = count.multipliedReportingOverflow(by: ratio)
    return min(totalBytes, (1 << 20) + (overflows ? totalBytes : min(product, totalBytes)))
  }
}
