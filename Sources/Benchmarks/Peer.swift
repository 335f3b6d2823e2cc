import Foundation

/// Other people's programs, where they are installed with what a comparison needs.
enum Peer {
  /// Times an R expression.
  ///
  /// - Parameters:
  ///   - script: What is done once before, such as reading data.
  ///   - timed: The expression.
  ///   - runs: How often it is timed.
  /// - Returns: `nil` where R or one of the packages is missing.
  static func r(
    _ script: String, timed: String, packages: [String], runs: Int
  ) throws -> Measurement? {
    let needs = packages.map { "requireNamespace('\($0)', quietly = TRUE)" }
      .joined(separator: " && ")
    return try measure(
      "Rscript",
      [
        "--vanilla", "-e",
        """
        if (!(\(needs))) quit(status = 9)
        suppressPackageStartupMessages({\(script)})
        for (run in seq_len(\(runs))) {
          t <- suppressMessages(suppressWarnings(system.time(\(timed))))
          cat('measured', t[['user.self']] + t[['sys.self']], t[['elapsed']], '\\n')
        }
        if (file.exists('/proc/self/status'))
          cat('memory', gsub('[^0-9]', '', grep('VmHWM', readLines('/proc/self/status'), value = TRUE)), '\\n')
        """,
      ])
  }

  /// Times a Python expression; `PYTHON` in the environment names another interpreter, such as that of
  /// a virtual environment.
  static func python(_ script: String, timed: String, runs: Int) throws -> Measurement? {
    try measure(
      ProcessInfo.processInfo.environment["PYTHON"] ?? "python3",
      [
        "-W", "ignore", "-c",
        """
        import time, resource
        \(script)
        for run in range(\(runs)):
            c, e = time.process_time(), time.perf_counter()
            \(timed)
            print('measured', time.process_time() - c, time.perf_counter() - e)
        print('memory', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        """,
      ])
  }

  /// Runs a program that prints lines `measured CPU ELAPSED` and `memory KB`.
  private static func measure(_ program: String, _ arguments: [String]) throws -> Measurement? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    var measurement = Measurement(elapsed: [], processor: [])
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      switch words.first {
      case "measured" where words.count == 3:
        measurement.processor.append(Double(words[1]) ?? .nan)
        measurement.elapsed.append(Double(words[2]) ?? .nan)
      case "memory": measurement.peakMemory = words.last.flatMap { Double($0) }.map { $0 * 1024 }
      default: break
      }
    }
    return measurement.elapsed.isEmpty ? nil : measurement
  }
}
