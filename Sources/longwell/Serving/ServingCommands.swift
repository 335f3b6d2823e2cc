import ArgumentParser

/// The commands that stand on the room `Web`.
enum ServingCommands {
  static let all: [any ParsableCommand.Type] = [ServeCommand.self]
}
