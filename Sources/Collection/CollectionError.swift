/// Why something cannot happen in a study: a code to act on, what it is about, and what to do.
///
/// It never carries an answer, a text or a contact.
package struct CollectionError: Error, Hashable, Sendable {
  /// The kind of refusal; more may be added.
  package struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code as text.
    package let description: String

    /// The folder says what is published already.
    package static let nothingToPublish = Code(description: "nothing to publish")
    /// The database holds no study yet.
    package static let notPublished = Code(description: "not published")
    /// The definitions in the database cannot be read by this version.
    package static let unreadableStudy = Code(description: "unreadable study")
    /// A real person in a simulated database, or the other way round.
    package static let wrongKind = Code(description: "wrong kind of database")
    /// There are no databases of contacts at hand.
    package static let noIdentities = Code(description: "no identities")
    /// A time zone that is no IANA name.
    package static let unknownZone = Code(description: "unknown time zone")
    /// A language that the study does not speak.
    package static let unknownLanguage = Code(description: "unknown language")
    /// A site that the study does not have.
    package static let unknownSite = Code(description: "unknown site")
    /// Somebody who comes in a way that the study does not offer, or whose invitation is over.
    package static let notInvited = Code(description: "not invited")
    /// The questions before joining were not asked, or their answers rule it out.
    package static let notEligible = Code(description: "not eligible")
    /// As many have enrolled as may.
    package static let full = Code(description: "full")
    /// The key that personal links are made with is not at hand, or another one.
    package static let noLinkKey = Code(description: "no link key")
    /// A pseudonym that nobody has.
    package static let unknownParticipant = Code(description: "unknown participant")
    /// A part that the consent does not have.
    package static let unknownConsentPart = Code(description: "unknown consent part")
    /// An occasion that does not exist, or is somebody else's.
    package static let unknownOccasion = Code(description: "unknown occasion")
    /// A session that was never begun.
    package static let unknownSession = Code(description: "unknown session")
    /// A page that the session does not have, or does not show.
    package static let unknownPage = Code(description: "unknown page")
    /// An instrument that the session, or the study, does not ask.
    package static let unknownInstrument = Code(description: "unknown instrument")
    /// An item that the instrument does not have.
    package static let unknownItem = Code(description: "unknown item")
    /// The participant withdrew, or the enrolment is not finished.
    package static let notTakingPart = Code(description: "not taking part")
    /// A required part of the consent has not been agreed to.
    package static let consentMissing = Code(description: "consent missing")
    /// A new version of the consent waits to be decided about.
    package static let renewalNeeded = Code(description: "renewal needed")
    /// The window has not opened.
    package static let notYetOpen = Code(description: "not yet open")
    /// The window, and the grace of a session begun in it, has passed.
    package static let windowClosed = Code(description: "window closed")
    /// An event that was opened as often as it may be.
    package static let limitReached = Code(description: "limit reached")
    /// Hours for prompts that do not do.
    package static let hoursRefused = Code(description: "hours refused")
    /// The occasion will not take place.
    package static let cancelled = Code(description: "cancelled")
    /// The session was submitted; answers stay as they are.
    package static let alreadySubmitted = Code(description: "already submitted")
    /// An item that the answers so far hide.
    package static let itemNotShown = Code(description: "item not shown")
    /// An answer that is not on the item's response scale.
    package static let answerRefused = Code(description: "answer refused")
    /// An item that must be answered has not been.
    package static let answerRequired = Code(description: "answer required")
    /// A moment before what is on record, or after the real clock in a study of real people.
    package static let clockRefused = Code(description: "clock refused")
    /// A message that does not exist.
    package static let unknownMessage = Code(description: "unknown message")
    /// A message about which there is nothing to decide.
    package static let notOpenToDecision = Code(description: "not open to decision")
    /// A log that the study does not take, or that says nothing.
    package static let logsRefused = Code(description: "logs refused")
    /// Somebody else looks after the study already.
    package static let alreadyRunning = Code(description: "already running")
    /// Nobody of the study team has this name, or their doors are shut.
    package static let unknownResearcher = Code(description: "unknown researcher")
    /// A name that nobody can have, or that somebody has.
    package static let nameRefused = Code(description: "name refused")
    /// A password that would be guessed.
    package static let passwordRefused = Code(description: "password refused")
    /// A name, a password and a code that do not belong together.
    package static let signInRefused = Code(description: "sign-in refused")
    /// Something that is not open to whoever asks.
    package static let notAllowed = Code(description: "not allowed")
    /// One client key for two different saves.
    package static let keyReused = Code(description: "client key reused")
  }

  /// What went wrong, to act on.
  package let code: Code
  /// What it is about: a pseudonym, an occasion, an item.
  package let subject: String
  /// What would be right: what an item takes, when a window opens, the nearest name.
  package let detail: String?

  package init(_ code: Code, _ subject: String, detail: String? = nil) {
    self.code = code
    self.subject = subject
    self.detail = detail
  }
}

extension CollectionError: CustomStringConvertible {
  /// One line for a person: what, where, and what to do.
  package var description: String {
    let hint = detail.map { ": \($0)" } ?? ""
    return switch code {
    case .notPublished:
      "the database \(subject) holds no study yet; open it with the study's folder"
    case .nothingToPublish:
      "nothing was changed since \(subject), which is published; edit the study's files first"
    case .unreadableStudy: "the study in \(subject) cannot be read\(hint)"
    case .wrongKind: "\(subject)\(hint)"
    case .noIdentities: "\(subject) needs the database of contacts; name its key"
    case .notInvited: "\(subject) does not let anybody join\(hint)"
    case .notEligible: "nobody was enrolled\(hint)"
    case .noLinkKey: "the link of \(subject) needs the key that links are made with\(hint)"
    case .unknownZone: "there is no time zone \(subject)\(hint)"
    case .unknownLanguage: "the study has no language \(subject)\(hint)"
    case .unknownSite: "the study has no site \(subject)\(hint)"
    case .full: "nobody else can join \(subject)\(hint)"
    case .unknownParticipant: "there is no participant \(subject); check the pseudonym"
    case .unknownConsentPart: "the consent has no part \(subject)\(hint)"
    case .unknownOccasion: "there is no occasion \(subject)\(hint)"
    case .unknownSession: "there is no session \(subject); begin it first"
    case .unknownPage: "the session shows no page \(subject)"
    case .unknownInstrument: "no instrument \(subject) is asked\(hint)"
    case .unknownItem: "there is no item \(subject)\(hint)"
    case .notTakingPart: "\(subject) does not take part at present\(hint)"
    case .consentMissing: "\(subject) has not agreed to what the study requires\(hint)"
    case .renewalNeeded: "\(subject) has not decided about the new consent text yet\(hint)"
    case .notYetOpen: "the occasion \(subject) is not open yet\(hint)"
    case .windowClosed: "the occasion \(subject) has closed\(hint)"
    case .limitReached: "\(subject) has been opened as often as it may be\(hint)"
    case .hoursRefused: "the hours of \(subject) were not changed\(hint)"
    case .cancelled: "the occasion \(subject) does not take place"
    case .alreadySubmitted: "the session of \(subject) has been submitted; nothing was changed"
    case .itemNotShown: "the item \(subject) is hidden by earlier answers; nothing was saved"
    case .answerRefused: "the answer was not saved\(hint)"
    case .answerRequired: "an answer is needed before submitting: \(subject)"
    case .clockRefused: "nothing was closed as of \(subject)\(hint)"
    case .unknownMessage: "there is no message \(subject); list them first"
    case .notOpenToDecision:
      "nothing was changed about the message \(subject)\(hint); only uncertain ones can be settled, "
        + "and those given up sent again"
    case .logsRefused: "nothing of \(subject)'s log was donated\(hint)"
    case .alreadyRunning: "another process holds \(subject); stop it first, or let it go on\(hint)"
    case .unknownResearcher: "there is no researcher \(subject)\(hint)"
    case .nameRefused: "\(subject) was not added\(hint)"
    case .passwordRefused: "the password of \(subject) was not taken\(hint)"
    case .signInRefused: "\(subject) do not belong together"
    case .notAllowed: "\(subject): not open to you\(hint)"
    case .keyReused:
      "the client key was used for another save of \(subject); send each save with its own key"
    default: "\(code.description): \(subject)\(hint)"
    }
  }
}
