import Collection
import Definitions
import Delimited
import Foundation
import Identities
import Interchange
import Statistics
import Storage

extension DelimitedProblem {
  /// The exit code for a file that cannot be read as a table.
  var exit: Exit { kind == .unreadable ? .unreadable : .problems }
}

extension CommandFailure {
  /// The one place where an error of any room becomes words and an exit code.
  init(describing error: any Error) {
    switch error {
    case let problem as DelimitedProblem: self.init(problem.exit, problem.description)
    case let problem as ModelError: self.init(.problems, problem.description)
    case let problem as StorageError: self.init(problem.exit, problem.description)
    case let problem as CollectionError: self.init(problem.exit, problem.description)
    case let problem as BackupError: self.init(problem.exit, problem.description)
    case let problem as IdentityError: self.init(.unreadable, problem.description)
    case let problems as Problems:
      self.init(.problems, problems.sorted.map(\.description).joined(separator: "\n"))
    case let problem as ImportProblem: self.init(problem.exit, problem.description)
    case let problem as CocoaError:
      self.init(.unreadable, Self.sentence(of: problem))
    default: self.init(.unreadable, "\(error)")
    }
  }

  private static func sentence(of error: CocoaError) -> String {
    let file = (error.userInfo[NSFilePathErrorKey] as? String).map { "\($0): " } ?? ""
    switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: return file + "there is no such file"
    case .fileReadNoPermission, .fileWriteNoPermission: return file + "permission denied"
    case .fileWriteFileExists: return file + "it exists already"
    case .fileWriteOutOfSpace: return file + "the disk is full"
    default: return file + "the file could not be read or written (code \(error.code.rawValue))"
    }
  }
}

extension ImportProblem {
  /// The exit code: a file that cannot be read, wrong usage, else problems in the file.
  fileprivate var exit: Exit {
    switch code {
    case .unreadable: .unreadable
    case .usage: .usage
    case .wrongFormat, .nothingToImport, .unwritable: .problems
    }
  }
}

extension StorageError {
  /// The exit code: a refusal for what can be helped by the person, a failure of the file otherwise.
  fileprivate var exit: Exit {
    switch code {
    case .fileExists, .wrongKind, .seededSecrets, .unknownRecord, .busy: .refused
    default: .unreadable
    }
  }
}

extension BackupError {
  /// The exit code: a refusal where something is in the way or missing, else a file that is no use.
  fileprivate var exit: Exit {
    switch code {
    case .exists, .ledgerMissing, .ledgerShort: .refused
    case .needsKey, .needsPassphrase: .usage
    default: .unreadable
    }
  }
}

extension CollectionError {
  /// The exit code: wrong words on the command line, a study that cannot be read, else a refusal.
  fileprivate var exit: Exit {
    switch code {
    case .unknownZone, .unknownLanguage, .unknownSite, .unknownConsentPart: .usage
    case .unreadableStudy: .unreadable
    default: .refused
    }
  }
}
