import Collection
import Hummingbird
import Storage

/// Why a request cannot be done, as far as it is the web's business. All else is Collection's.
enum WebProblem: Error, Hashable, Sendable {
  /// A personal link that was never made, or was revoked.
  case unknownLink
  /// A call of the API without a token that holds.
  case unauthorized
  /// A path that leads nowhere.
  case unknownPage
  /// A form that another site's page has sent.
  case foreignOrigin
  /// A body that is too long.
  case tooLong
  /// A body that is no form, or lacks what it needs.
  case unreadable
  /// Something that was done so often that it has to wait.
  case tooOften
  /// An edit of what somebody else has edited meanwhile.
  case changedMeanwhile
  /// A mistake of ours.
  case trouble
}

extension WebProblem {
  /// What programs call it.
  var name: String {
    switch self {
    case .unknownLink: "unknown link"
    case .unauthorized: "unauthorized"
    case .unknownPage: "unknown page"
    case .foreignOrigin: "foreign origin"
    case .tooLong: "too long"
    case .unreadable: "unreadable"
    case .tooOften: "too often"
    case .changedMeanwhile: "changed meanwhile"
    case .trouble: "trouble"
    }
  }
}

/// An error as the web tells it: a status, and the texts of a page.
struct ProblemAnswer: Sendable {
  let status: HTTPResponse.Status
  /// The names of the page's headline and sentence in the texts.
  let headline: String
  let sentence: String

  /// What any error comes to. The details stay with us.
  init(_ error: any Error) {
    switch error {
    case WebProblem.unknownLink: self.init(.notFound, "link_title", "link_text")
    case WebProblem.unauthorized: self.init(.unauthorized, "link_title", "link_text")
    case WebProblem.unknownPage: self.init(.notFound, "page_title", "page_text")
    case WebProblem.foreignOrigin: self.init(.forbidden, "foreign_title", "foreign_text")
    case WebProblem.tooLong: self.init(.contentTooLarge, "unreadable_title", "unreadable_text")
    case WebProblem.unreadable: self.init(.badRequest, "unreadable_title", "unreadable_text")
    case WebProblem.tooOften: self.init(.tooManyRequests, "often_title", "often_text")
    case WebProblem.changedMeanwhile:
      self.init(.preconditionFailed, "unreadable_title", "unreadable_text")
    case is RepeatedCalls.Running: self.init(.conflict, "busy_title", "busy_text")
    case let error as CollectionError: self.init(error.code)
    case let error as StorageError where error.code == .diskFull:
      self.init(
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "full_disk_title",
        "full_disk_text")
    case let error as StorageError where error.code == .busy:
      self.init(.serviceUnavailable, "busy_title", "busy_text")
    case let error as HTTPError where error.status == .notFound:
      self.init(.notFound, "page_title", "page_text")
    case let error as any HTTPResponseError where error.status.kind == .clientError:
      self.init(error.status, "unreadable_title", "unreadable_text")
    default: self.init(.internalServerError, "trouble_title", "trouble_text")
    }
  }

  private init(_ code: CollectionError.Code) {
    switch code {
    case .unknownSession, .unknownOccasion, .unknownPage, .unknownParticipant, .unknownItem,
      .unknownInstrument, .unknownConsentPart:
      self.init(.notFound, "page_title", "page_text")
    case .windowClosed: self.init(.conflict, "closed_title", "closed_text")
    case .notYetOpen: self.init(.conflict, "turned_later", "turned_later_text")
    case .cancelled: self.init(.conflict, "closed_title", "cancelled_text")
    case .limitReached: self.init(.conflict, "thanks_title", "event_too_often")
    case .notTakingPart: self.init(.conflict, "withdrawn_title", "withdrawn_text")
    case .notAllowed: self.init(.forbidden, "foreign_title", "unreadable_text")
    case .unknownResearcher: self.init(.notFound, "page_title", "page_text")
    case .full: self.init(.conflict, "full_title", "full_text")
    case .notInvited: self.init(.forbidden, "link_title", "join_code_wrong")
    case .alreadySubmitted: self.init(.conflict, "thanks_title", "thanks_already")
    case .consentMissing, .renewalNeeded:
      self.init(.conflict, "renewal_title", "renewal_text")
    case .answerRefused, .itemNotShown, .answerRequired, .keyReused, .unknownZone,
      .unknownLanguage, .unknownSite, .hoursRefused, .notEligible, .logsRefused:
      self.init(.unprocessableContent, "unreadable_title", "unreadable_text")
    default: self.init(.internalServerError, "trouble_title", "trouble_text")
    }
  }

  private init(_ status: HTTPResponse.Status, _ headline: String, _ sentence: String) {
    self.status = status
    self.headline = headline
    self.sentence = sentence
  }
}
