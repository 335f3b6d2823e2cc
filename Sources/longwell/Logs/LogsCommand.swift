import ArgumentParser

/// `longwell logs`: what exports of AI services say about how they were used.
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Read exports of AI services: numbers out, no text kept.",
    discussion: """
      An export is read in memory and forgotten: what comes out are counts, times and rates of
      conversations and days. Which service it is from, its structure tells, not its name.

        longwell logs sources                  what each source can give
        longwell logs inspect export.zip       what would be kept of an export
        longwell logs simulate exports         exports of people who do not exist
        longwell logs donate my-study export.zip --participant P-7K3M9Q
      """,
    subcommands: [
      SourcesCommand.self, InspectCommand.self, SimulateExportsCommand.self, DonateCommand.self,
    ])
}
