import ArgumentParser
import Collection
import Foundation
import Identities

/// What a backup is, or was, encrypted under.
struct BackupSecretOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A key file (default: backup.key in the study's key folder).", valueName: "file"))
  var key: String?

  @Flag(help: "Ask for a passphrase instead; without a terminal it is the first line of input.")
  var passphrase = false

  func validate() throws {
    guard key == nil || !passphrase else {
      throw ValidationError("a backup has one secret: --key or --passphrase")
    }
  }

  /// The fewest characters of a passphrase. Six words of a list of 7,776 have more, and 77 bits.
  static let shortest = 16

  /// The secret for a new backup. A key that is not there is made.
  ///
  /// - Throws: ``CommandFailure`` where there is neither a key folder nor a secret.
  func forWriting(_ keys: KeyFolder?) throws -> BackupSecret {
    if passphrase { return .passphrase(try newPassphrase()) }
    if let key { return .key(try SecretKey.load(from: URL(filePath: key))) }
    guard let keys else {
      throw CommandFailure(
        .usage, "the study has no key folder: name a key with --key, or add --passphrase")
    }
    let isNew = !FileManager.default.fileExists(atPath: keys.backup.path)
    let secret = try isNew ? SecretKey.create(at: keys.backup) : SecretKey.load(from: keys.backup)
    if isNew {
      Console.raw(
        "Note: made \(keys.backup.path). Keep a copy of it elsewhere: without it no backup opens.")
    }
    return .key(secret)
  }

  /// The secret of a backup that is there.
  ///
  /// - Parameter keys: the key folder, where one is known.
  /// - Throws: ``CommandFailure`` where neither was named.
  func forReading(_ keys: KeyFolder?) throws -> BackupSecret {
    if passphrase { return .passphrase(try LineInput.secret("Passphrase: ")) }
    if let key { return .key(try SecretKey.load(from: URL(filePath: key))) }
    guard let keys else {
      throw CommandFailure(
        .usage, "name the key that the backup was made under with --key, or add --passphrase")
    }
    return .key(try SecretKey.load(from: keys.backup))
  }

  private func newPassphrase() throws -> String {
    let words = try LineInput.newSecret("Passphrase: ")
    guard words.count >= Self.shortest else {
      throw CommandFailure(
        .usage,
        "a passphrase has \(Self.shortest) characters or more: take six words drawn at random")
    }
    return words
  }
}

extension LineInput {
  /// A secret that is asked for, twice in a terminal.
  ///
  /// - Throws: ``CommandFailure`` where nothing was typed, or not the same.
  static func newSecret(_ prompt: String) throws -> String {
    let words = try secret(prompt)
    guard try !Console.isTyped || secret("Once more: ") == words else {
      throw CommandFailure(.usage, "what was typed differs; nothing was written")
    }
    return words
  }

  /// A secret that is asked for.
  ///
  /// - Throws: ``CommandFailure`` where nothing was typed.
  static func secret(_ prompt: String) throws -> String {
    guard let words = hidden(prompt), !words.isEmpty else {
      throw CommandFailure(.usage, "nothing was given for \(prompt.prefix { $0 != ":" })")
    }
    return words
  }

  /// A line that is not shown while it is typed; the first line of input where nobody types.
  static func hidden(_ prompt: String) -> String? {
    guard Console.isTyped else { return readLine() }
    FileHandle.standardError.write(Data(prompt.utf8))
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var quiet = saved
    quiet.c_lflag &= ~tcflag_t(ECHO)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0 else { return nil }
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
      FileHandle.standardError.write(Data("\n".utf8))
    }
    return readLine()
  }
}
