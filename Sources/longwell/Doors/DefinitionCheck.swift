import Analysis
import Definitions
import Foundation
import Instruments
import Messages
import Rehearsal
import Studies

/// Recognises what a path holds and lets the room that owns it check it.
enum DefinitionCheck {
  /// What was checked, and the problems found.
  struct Report {
    var checked: String
    var problems: Problems
  }

  /// - Throws: ``CommandFailure`` where nothing is there or it cannot be read.
  static func run(_ url: URL) throws -> Report {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      throw CommandFailure(.unreadable, "\(url.relativePath): there is no such file or folder")
    }
    if isDirectory.boolValue { return try folder(url) }
    return try url.lastPathComponent == "study.yaml"
      ? folder(url.deletingLastPathComponent()) : file(url)
  }

  private static func folder(_ url: URL) throws -> Report {
    var problems = Problems()
    let study = StudyFolder.load(
      directory: URL(filePath: url.path, directoryHint: .isDirectory), problems: &problems)
    if let study {
      let simulation = url.appending(path: "simulation.yaml")
      if FileManager.default.fileExists(atPath: simulation.path) {
        _ = SimulationPlan.load(
          try bytes(simulation), file: simulation.relativePath, folder: study, problems: &problems)
      }
    }
    let messages = url.appending(path: "messages.yaml")
    if FileManager.default.fileExists(atPath: messages.path) {
      let settings = CarrierSettings.load(
        try bytes(messages), file: messages.relativePath, problems: &problems)
      if let file = settings?.file {
        CarrierDoor.check(file, in: StudyPlaces(url.relativePath), problems: &problems)
      }
    }
    let plans = url.appending(path: "analysis")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: plans.path)) ?? []
    for name in names.sorted() where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      try check(plan: plans.appending(path: name), against: study, problems: &problems)
    }
    return Report(checked: "study folder \(url.relativePath)", problems: problems)
  }

  private static func file(_ url: URL) throws -> Report {
    let bytes = try bytes(url)
    let name = url.relativePath
    var problems = Problems()
    var scratch = Problems()
    let keys: Set<String> =
      if let root = DefinitionNode.parse(bytes, file: name, problems: &scratch),
        let reader = MappingReader(root, describing: "a definition", problems: &scratch)
      { Set(reader.entries.map(\.key.value)) } else { [] }
    if !keys.isDisjoint(with: ["models", "table", "estimand", "question"]) {
      let owner = url.deletingLastPathComponent().deletingLastPathComponent()
      let isInside = FileManager.default.fileExists(
        atPath: owner.appending(path: "study.yaml").path)
      let study =
        isInside ? StudyFolder.load(directory: owner, problems: &scratch) : nil
      try check(plan: url, against: study, problems: &problems)
      return Report(checked: "analysis plan \(name)", problems: problems)
    }
    if keys.contains("overlay") {
      _ = Overlay.load(
        bytes, file: name,
        instrument: { ShippedInstruments.instrument(id: $0) ?? neighbour(of: url, id: $0) },
        problems: &problems)
      return Report(checked: "overlay \(name)", problems: problems)
    }
    if !keys.isDisjoint(with: ["occasions", "arms", "consent"]) {
      _ = Study.load(bytes, file: name, problems: &problems)
      return Report(checked: "study file \(name)", problems: problems)
    }
    if keys.contains("courses") {
      let study = StudyFolder.load(directory: url.deletingLastPathComponent(), problems: &problems)
      if let study {
        _ = SimulationPlan.load(bytes, file: name, folder: study, problems: &problems)
      }
      return Report(checked: "simulation \(name)", problems: problems)
    }
    _ = Instrument.load(bytes, file: name, problems: &problems)
    return Report(checked: "instrument \(name)", problems: problems)
  }

  /// The instrument that an overlay words, in `overlays/<community>/` beside the instruments of a folder.
  private static func neighbour(of overlay: URL, id: String) -> Instrument? {
    let folder = overlay.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let url = folder.appending(path: "\(id).yaml")
    guard let bytes = try? bytes(url) else { return nil }
    var problems = Problems()
    return Instrument.load(bytes, file: url.relativePath, problems: &problems)
  }

  private static func check(
    plan url: URL, against study: StudyFolder?, problems: inout Problems
  ) throws {
    _ = AnalysisPlan.load(
      try bytes(url), file: url.relativePath, checkedAgainst: study.map { StudyOutline($0) },
      problems: &problems)
  }

  private static func bytes(_ url: URL) throws -> [UInt8] {
    let kind = try FileManager.default.attributesOfItem(
      atPath: url.resolvingSymlinksInPath().path)[.type]
    guard kind as? FileAttributeType == .typeRegular else {
      throw CommandFailure(.unreadable, "\(url.relativePath): this is no regular file")
    }
    return Array(try Data(contentsOf: url))
  }
}
