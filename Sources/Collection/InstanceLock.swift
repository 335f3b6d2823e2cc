package import Foundation

/// What one process at a time can hold for a study: who sends its messages.
///
/// It is an advisory lock of the system on a file, which ends with the process, however that ends.
package struct InstanceLock: ~Copyable, Sendable {
  private let descriptor: Int32

  /// Takes the lock, making its file where there is none.
  ///
  /// - Throws: ``CollectionError`` `alreadyRunning` when somebody else holds it.
  package init(at url: URL) throws {
    descriptor = open(url.path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CollectionError(.alreadyRunning, url.path, detail: "its file cannot be opened")
    }
    // Whoever throws here has a whole value: `deinit` closes the file.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw CollectionError(.alreadyRunning, url.path)
    }
  }

  deinit { close(descriptor) }
}
