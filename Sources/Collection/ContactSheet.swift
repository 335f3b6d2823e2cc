package import Definitions
import Delimited
package import Identities
package import Studies

/// People to invite, from a CSV file with a row for each: `name,email,phone,site,language`, divided by
/// commas, semicolons or tabs.
///
/// A sheet that exists is right, all of it: whatever is wrong with any row is reported instead, each
/// by line and column, and never by what stands in it.
package struct ContactSheet: Sendable {
  /// One person.
  package struct Row: Sendable {
    package let contact: ContactDetails
    package let site: String
    package let language: String
  }

  /// The people, in the order of the file.
  package let rows: [Row]

  /// What a person is known again by: the address, else the number, else name and site.
  struct Identity: Hashable {
    private let text: String
    private let site: String?

    init(_ contact: ContactDetails, site: String?) {
      let own = contact.email ?? contact.phone
      text = (own ?? contact.name ?? "").lowercased()
      self.site = own == nil ? site : nil
    }
  }

  static let columns = ["name", "email", "phone", "site", "language"]
  /// A longer name is a pasted paragraph.
  private static let longest = 200

  /// Reads a sheet for a study.
  ///
  /// - Parameter problems: takes everything that is wrong, at once.
  /// - Returns: the sheet, or nil when anything is wrong.
  package static func read(
    _ bytes: [UInt8], file: String, for study: Study, problems: inout Problems
  ) -> ContactSheet? {
    var reading = ContactReading(file: file, study: study)
    let rows = reading.rows(bytes)
    problems.append(reading.problems)
    return reading.problems.hasErrors ? nil : ContactSheet(rows: rows)
  }

  /// Whether a text can be an e-mail address, as far as its spelling tells.
  package static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && isPlain(text)
      && !text.contains(where: \.isWhitespace)
  }

  /// A telephone number as gateways take it: `+`, the country and the number, 7 to 15 digits (E.164).
  /// Spaces, hyphens, dots and brackets may stand between them.
  ///
  /// - Returns: the number without these, or nil for other texts.
  package static func telephone(_ text: String) -> String? {
    let plain = text.filter { !" -.()".contains($0) }
    let digits = plain.dropFirst()
    guard plain.first == "+", (7...15).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (48...57).contains($0) }), digits.first != "0"
    else { return nil }
    return plain
  }

  static func isPlain(_ text: String) -> Bool {
    text.count <= longest
      && !text.unicodeScalars.contains {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(
          $0.properties.generalCategory)
      }
  }
}

/// A sheet being read.
private struct ContactReading {
  let file: String
  let study: Study
  var problems = Problems()
  private var seen: [ContactSheet.Identity: Int] = [:]

  init(file: String, study: Study) {
    self.file = file
    self.study = study
  }

  mutating func rows(_ bytes: [UInt8]) -> [ContactSheet.Row] {
    let table: [[String]]
    let options = DelimitedOptions(delimiter: DelimitedText.delimiter(of: bytes))
    do throws(DelimitedProblem) {
      table = try DelimitedText.readRows(bytes, options: options)
    } catch {
      problems.report(
        at: .whole(file), found: "a file that is no table (\(error.description))",
        expected: "CSV with the columns \(ContactSheet.columns.joined(separator: ", "))")
      return []
    }
    let lines = Self.lines(of: bytes)
    let header = (table.first ?? []).map { Self.trimmed($0).lowercased() }
    guard checkHeader(header) else { return [] }
    if table.count < 2 {
      problems.report(at: .whole(file), found: "nobody", expected: "a row for each person")
    }
    return zip(table, lines).dropFirst().compactMap { cells, line in
      row(cells.map(Self.trimmed), header, line: line)
    }
  }

  private mutating func checkHeader(_ header: [String]) -> Bool {
    for (index, name) in header.enumerated() {
      let place = Place(file: file, line: 1, column: index + 1)
      if !ContactSheet.columns.contains(name) {
        problems.report(
          at: place, found: "the column \(quoted(name))",
          expected: "columns among \(ContactSheet.columns.joined(separator: ", "))",
          suggestion: nearestName(to: name, among: ContactSheet.columns))
      } else if header[..<index].contains(name) {
        problems.report(
          at: place, found: "the column \(quoted(name)) a second time", expected: "each once")
      }
    }
    if !["name", "email", "phone"].contains(where: header.contains) {
      problems.report(
        at: Place(file: file, line: 1, column: 1), found: "neither 'name' nor 'email' nor 'phone'",
        expected: "at least one of them, so that people can be told apart")
    }
    return !problems.hasErrors
  }

  /// - Parameter line: of the file, where the row begins; a place's column is the table's.
  private mutating func row(
    _ cells: [String], _ header: [String], line: Int
  ) -> ContactSheet.Row? {
    func cell(_ name: String) -> String? {
      guard let index = header.firstIndex(of: name), cells.indices.contains(index) else {
        return nil
      }
      return cells[index].isEmpty ? nil : cells[index]
    }
    func place(_ name: String) -> Place {
      Place(file: file, line: line, column: (header.firstIndex(of: name) ?? 0) + 1)
    }
    let before = problems.errorCount
    let (name, email) = (cell("name"), cell("email"))
    if name == nil, email == nil, cell("phone") == nil {
      problems.report(
        at: place("name"), found: "a row without a name, an address or a number",
        expected: "one of them")
    }
    let phone = cell("phone").flatMap(ContactSheet.telephone)
    if phone == nil, cell("phone") != nil {
      problems.report(
        at: place("phone"), found: "a text that is no telephone number",
        expected: "one with its country, such as +31 6 12345678")
    }
    if let name, !ContactSheet.isPlain(name) {
      problems.report(
        at: place("name"), found: "a name of more than one line or 200 characters",
        expected: "a name")
    }
    if let email, !ContactSheet.isAddress(email) {
      problems.report(
        at: place("email"), found: "a text that is no address",
        expected: "one such as ann@example.org")
    }
    let language = checkedLanguage(cell("language"), at: place("language"))
    let site = checkedSite(cell("site"), at: place("site"))
    let contact = ContactDetails(name: name, email: email, phone: phone)
    if problems.errorCount == before {
      let identity = ContactSheet.Identity(contact, site: site)
      if let first = seen[identity] {
        problems.report(
          at: place(email != nil ? "email" : phone != nil ? "phone" : "name"),
          found: "the person of line \(first) again",
          expected: "each person once; two people of one name need addresses")
      }
      seen[identity] = line
    }
    guard problems.errorCount == before, let site else { return nil }
    return ContactSheet.Row(contact: contact, site: site, language: language)
  }

  private mutating func checkedLanguage(_ language: String?, at place: Place) -> String {
    let languages = study.languages
    guard let language else { return languages.first ?? "en" }
    if !languages.contains(language) {
      problems.report(
        at: place, found: "the language \(quoted(language))",
        expected: languages.joined(separator: " or "),
        suggestion: nearestName(to: language, among: languages))
    }
    return language
  }

  private mutating func checkedSite(_ site: String?, at place: Place) -> String? {
    let sites = study.sites
    if let site, sites.contains(site) { return site }
    if site == nil, sites.count == 1 { return sites.first }
    problems.report(
      at: place, found: site.map { "the site \(quoted($0))" } ?? "a row without a site",
      expected: sites.joined(separator: " or "),
      suggestion: site.flatMap { nearestName(to: $0, among: sites) })
    return nil
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }

  /// The line in which each row begins: quoted cells may span lines, empty lines are no rows.
  private static func lines(of bytes: [UInt8]) -> [Int] {
    var (starts, line, isQuoted, isEmpty) = ([Int](), 1, false, true)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        if !isQuoted { isEmpty = true }
      case UInt8(ascii: "\r"): continue
      default:
        if isEmpty { starts.append(line) }
        isEmpty = false
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      }
    }
    return starts
  }
}
