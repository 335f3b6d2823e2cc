import Foundation

/// What a piece of work takes of the machine, whatever else runs on it.
struct Usage {
  /// Seconds of this thread's computing.
  var seconds: Double
  /// How far the process's memory rose above what it was before; 0 where the system does not tell.
  var kilobytes: Int

  static func of(_ work: () throws -> Void) rethrows -> Usage {
    // 5 forgets the peak so far; see proc(5).
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = kilobytes("VmRSS")
    let start = threadSeconds
    try work()
    return Usage(seconds: threadSeconds - start, kilobytes: kilobytes("VmHWM") - before)
  }

  /// A line of the process's status in kilobytes.
  static func kilobytes(_ name: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
    return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
  }

  private static var threadSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
