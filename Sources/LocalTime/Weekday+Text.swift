extension Weekday {
  /// The English names that files use, from Monday on.
  package static let names = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  /// The day's name in files.
  package var name: String { Weekday.names[rawValue - 1] }

  /// Reads `monday`, and only this form.
  package init?(name: String) {
    guard let place = Weekday.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: place + 1)
  }
}
