import ArgumentParser

/// The command `longwell`: studies of living with AI, from definition to report.
@main
struct Longwell: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "longwell",
    abstract: "Longitudinal studies of wellbeing: instruments, occasions, answers, models, report.",
    discussion: """
      A study is a folder of plain files. A first walk:

        longwell init my-study                      make a study folder from a template
        longwell check my-study                     find every mistake in its files
        longwell simulate my-study --participants 60 --seed 1
        longwell analyse my-study/analysis/quickstart.yaml --study my-study --out results

      Exit codes: \(Exit.explanation).
      """,
    version: Release.version,
    groupedSubcommands: [
      CommandGroup(
        name: "Define",
        subcommands: [
          InitCommand.self, CheckCommand.self, ScheduleCommand.self, TimesCommand.self,
          InstrumentsCommand.self, ShowCommand.self, ScoreCommand.self, ImportCommand.self,
          ConvertCommand.self,
        ]),
      CommandGroup(
        name: "Collect",
        subcommands: [
          InviteCommand.self, EnrolCommand.self, ConsentCommand.self, LinkCommand.self,
          DueCommand.self, OverviewCommand.self,
          AnswerCommand.self,
          ChangeCommand.self,
          WithdrawCommand.self, ConcernsCommand.self, MyDataCommand.self, BackupCommand.self,
          RestoreCommand.self, StudyCommand.self, RetentionCommand.self,
          RunCommand.self, MessagesCommand.self, DoctorCommand.self, SimulateCommand.self,
          ImportAnswersCommand.self, VerifyCommand.self, AllocationCommand.self,
          LogsCommand.self, ResearcherCommand.self,
        ]),
      CommandGroup(
        name: "Analyse",
        subcommands: [
          ExportCommand.self, RescoreCommand.self, AnalysisCommand.self, AnalyseCommand.self,
          PowerCommand.self, FitCommand.self,
          TrendCommand.self, ReliabilityCommand.self,
        ]),
      CommandGroup(name: "See it work", subcommands: [DemoCommand.self]),
    ] + serving)

  /// What stands on the room `Web`, which a faster inner loop leaves out.
  private static var serving: [CommandGroup] {
    #if SERVED
      [CommandGroup(name: "Serve", subcommands: ServingCommands.all)]
    #else
      []
    #endif
  }

  /// Runs one command and leaves with a documented exit code; errors go to standard error.
  static func main() async {
    do {
      try StartUp.check()
      var command = try await asyncParseAsRoot(nil)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Exit.leave(because: error)
    }
  }
}
