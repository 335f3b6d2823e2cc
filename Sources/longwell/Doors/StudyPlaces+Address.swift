import Collection
import Foundation

extension StudyPlaces {
  /// The address that personal links begin with, as it was configured.
  ///
  /// - Throws: ``CommandFailure`` where none was configured, or what is on record is none.
  func linkAddress() throws -> LinkAddress {
    guard let text = try? String(contentsOf: addressFile, encoding: .utf8) else {
      throw CommandFailure(
        .refused,
        "\(folder.path): no address is known to build links from; say it once: longwell link "
          + "\(TerminalText.safe(folder.relativePath)) --address https://study.example.org")
    }
    guard let address = LinkAddress(text) else {
      throw CommandFailure(
        .unreadable, "\(addressFile.path): found no address, expected \(LinkAddress.expected)")
    }
    return address
  }

  /// Keeps the address for every link from now on.
  func keep(_ address: LinkAddress) throws {
    try Data("\(address)\n".utf8).write(to: addressFile, options: .atomic)
  }
}
