/// How to reach a person. It exists in memory and under encryption, nowhere else.
package struct ContactDetails: Hashable, Sendable {
  /// What the person is called.
  package var name: String?
  /// An address for messages.
  package var email: String?
  /// A telephone number for messages by a gateway, as `+31612345678` (E.164).
  package var phone: String?

  package init(name: String? = nil, email: String? = nil, phone: String? = nil) {
    self.name = name
    self.email = email
    self.phone = phone
  }
}

extension ContactDetails: CustomStringConvertible, CustomReflectable {
  /// A contact never prints itself: a log line would outlive the study.
  package var description: String { "a contact" }
  /// A contact has nothing to show to a debugger's dump.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
