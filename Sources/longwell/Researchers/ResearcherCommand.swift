import ArgumentParser
import Collection
import Storage

/// `longwell researcher`: who watches the study on the web, and by programs.
struct ResearcherCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "researcher",
    abstract: "Say who of the study team may sign in on the web, as what, and for which sites.",
    discussion: """
      Roles: an owner sees all, and who did what; a coordinator who participants are, and none of
      their answers; an analyst what rests on answers, and not who gave them; a viewer numbers. With --site
      somebody sees the participants of these sites only.

      Who is added signs in at ADDRESS/team with a name, a password, and the code that an app on their
      telephone shows.
      """,
    subcommands: [
      ResearcherAddCommand.self, ResearcherListCommand.self, ResearcherChangeCommand.self,
      ResearcherRenewCommand.self, ResearcherRevokeCommand.self, ResearcherTokenCommand.self,
      ResearcherRevokeTokenCommand.self,
    ])
}

extension ResearcherRole: ExpressibleByArgument {}
extension TokenScope: ExpressibleByArgument {}

/// Whose doors a command is about.
struct ResearcherArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The study folder.", valueName: "dir"))
  var directory: String

  @Argument(help: ArgumentHelp("What they sign in as, such as ann@example.org.", valueName: "name"))
  var name: String
}

/// What somebody is there for.
struct DutyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("owner, coordinator, analyst or viewer.", valueName: "role"))
  var role: ResearcherRole

  @Option(
    help: ArgumentHelp(
      "A site whose participants they see; several times for several (default: all).",
      valueName: "site"))
  var site: [String] = []

  var sites: Set<String>? { site.isEmpty ? nil : Set(site) }
}
