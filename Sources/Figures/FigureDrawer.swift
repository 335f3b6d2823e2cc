package import Foundation
import Subprocess
import SystemPackage

/// Draws figures with gnuplot, one process each, and leaves beside each what drew it.
package struct FigureDrawer: Sendable {
  /// The endings of the files that each figure leaves.
  package static let endings = ["gp", "svg", "tsv"]

  private let executable: String

  /// Creates a drawer.
  ///
  /// - Parameter executable: The program's name, looked up on the path.
  package init(executable: String = "gnuplot") {
    self.executable = executable
  }

  /// Draws one figure into a folder: `<name>.svg`, `<name>.gp` and `<name>.tsv`.
  ///
  /// - Throws: ``FigureProblem``.
  package func draw(
    _ drawing: Drawing, into folder: URL
  ) async throws(FigureProblem) -> VectorImage {
    guard Self.isUsable(name: drawing.name) else { throw .unusableName(drawing.name) }
    let script = folder.appending(path: drawing.name + ".gp")
    let image = folder.appending(path: drawing.name + ".svg")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data((Self.preamble(drawing) + drawing.script).utf8).write(to: script)
      try Data(drawing.data.utf8).write(
        to: folder.appending(path: Drawing.dataFile(of: drawing.name)))
      try? FileManager.default.removeItem(at: image)
    } catch {
      throw .notWritable(path: folder.path)
    }
    try await run(script: script.lastPathComponent, in: folder)
    guard let source = try? String(contentsOf: image, encoding: .utf8), source.contains("</svg>")
    else { throw .notDrawn(script: script.lastPathComponent) }
    let drawn = VectorImage(gnuplot: source, drawing: drawing)
    do { try Data(drawn.file.utf8).write(to: image) } catch {
      throw .notWritable(path: folder.path)
    }
    return drawn
  }

  private func run(script: String, in folder: URL) async throws(FigureProblem) {
    do {
      // No start-up files (-d), no environment but the path: the same script gives the same bytes.
      let result = try await Subprocess.run(
        .name(executable), arguments: ["-d", script],
        environment: .custom([
          "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
          "LC_ALL": "C.UTF-8",
        ]),
        workingDirectory: FilePath(folder.path), output: .discarded, error: .discarded)
      guard result.terminationStatus.isSuccess else {
        throw FigureProblem.notDrawn(script: script)
      }
    } catch let problem as FigureProblem {
      throw problem
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw .gnuplotMissing(executable)
    } catch {
      throw .notDrawn(script: script)
    }
  }

  /// Only plain names: they become file names, identifiers in SVG and words in scripts.
  private static func isUsable(name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "-"), name.utf8.count <= 96 else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
  }

  private static func preamble(_ drawing: Drawing) -> String {
    """
    # Draws \(drawing.name).svg from \(Drawing.dataFile(of: drawing.name)); run in this folder:
    # gnuplot \(drawing.name).gp
    set encoding utf8
    set terminal svg size \(drawing.width),\(drawing.height) dynamic \
    font 'Helvetica,Arial,sans-serif,14' noenhanced
    set output '\(drawing.name).svg'

    """
  }
}
