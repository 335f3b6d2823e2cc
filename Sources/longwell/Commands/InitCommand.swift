import ArgumentParser
import Foundation
import Instruments

/// `longwell init`: a study folder from a template.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a study folder from a template, ready to run.",
    discussion: """
      The folder holds study.yaml, the consent texts, a simulation, and an analysis plan: plain
      files to read and change. Answers will be kept in its data/ folder, which git ignores.
      """)

  @Argument(
    help: ArgumentHelp("The folder to make; it must not exist, or be empty.", valueName: "dir"))
  var directory: String

  @Option(
    name: [.customLong("from"), .customLong("template")],
    help: ArgumentHelp(
      "The study to begin from: \(StudyTemplate.names.joined(separator: ", ")).",
      valueName: "name"))
  var template = "quickstart"

  func run() throws {
    try StudyTemplate.write(template, to: URL(filePath: directory, directoryHint: .isDirectory))
    let shown = TerminalText.safe(directory)
    Console.out(
      """
      Made \(shown) from the template \(template).

        longwell check \(shown)
        longwell simulate \(shown) --participants 60 --seed 1
        longwell analyse \(shown)/analysis/\(template).yaml --study \(shown) --out results

      Read \(shown)/study.yaml first: the consent text and the contact are examples to replace.

      When the first real person enrols, two key files are made outside this folder, in
      ~/.config/longwell/keys (or in $LONGWELL_KEYS): one opens the contacts, one draws the arms.
      Keep a copy of them apart from the data: lost keys lose the contacts and the allocation.
      """)
  }
}
