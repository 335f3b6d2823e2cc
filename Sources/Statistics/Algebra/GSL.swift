import CGSL

/// The GNU Scientific Library, told to return its error codes instead of ending the process.
enum GSL {
  /// Reading this before any call that can fail turns GSL's error handler off, once.
  static let returnsErrors: Bool = {
    _ = unsafe gsl_set_error_handler_off()
    return true
  }()

  /// A call that came back with an error code.
  struct Failure: Error, Hashable {
    var code: Int32
  }

  static func check(_ code: Int32) throws(Failure) {
    guard code == 0 else { throw Failure(code: code) }
  }
}
