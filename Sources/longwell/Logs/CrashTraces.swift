import Foundation

/// What a crash would tell of a process that has people's words in its memory.
enum CrashTraces {
  /// From here on, a crash leaves no core and prints no registers or memory.
  static func leaveNone() {
    // A core is at least a page, so no file of one byte is written; and for a limit of exactly one byte Linux starts no
    // program that collects cores either (`do_coredump` in its fs/coredump.c), which it does for zero.
    var limit = rlimit(rlim_cur: 1, rlim_max: 1)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    // Swift's runtime prints what registers point to.
    for number in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
      signal(number, SIG_DFL)
    }
  }
}
