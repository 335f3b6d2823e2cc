/// The type of a row, by all the names it has had.
struct XLSFormType: Hashable {
  enum Kind: Hashable {
    case selectOne, selectMultiple, rank, integer, decimal, range, text, note, date, time
    case acknowledge, calculate, beginGroup, beginRepeat, end
    /// Nothing of ours, and why.
    case left(String)
  }

  let kind: Kind
  /// The list of options.
  var list: String?
  /// Whether "other" is added to the options, with a text.
  var hasOther = false

  /// A type from what stands in the column: `select_one yes_no or_other`.
  init(_ written: String) {
    let words = written.split { $0.isWhitespace }.map(String.init)
    let joined = words.joined(separator: " ").lowercased().replacing("_", with: " ")
    for (names, kind) in Self.choices {
      for name in names where joined == name || joined.hasPrefix(name + " ") {
        let used = name.split(separator: " ").count
        let ending = joined.split(separator: " ").suffix(2).joined(separator: " ")
        hasOther = ["or other", "specify other"].contains(ending)
        self.kind = kind
        list = Self.list(words, afterWords: used)
        return
      }
    }
    kind = Self.plain[joined] ?? Self.left(joined)
  }

  /// The name of the list: the first word that is no part of the type's name.
  private static func list(_ words: [String], afterWords used: Int) -> String? {
    var count = 0
    for (index, word) in words.enumerated() {
      if count >= used {
        return words[index].lowercased() == "from" && index + 1 < words.count
          ? words[index + 1] : word
      }
      count += word.split(separator: "_").count
    }
    return nil
  }

  private static let choices: [([String], Kind)] = [
    (
      ["select one from file", "select multiple from file", "select one external"],
      .left("its options are in another file")
    ),
    (
      [
        "add select one prompt using", "select one from", "select one using", "select one",
        "select1",
      ],
      .selectOne
    ),
    (
      [
        "add select multiple prompt using", "select all that apply from", "select all that apply",
        "select multiple from", "select multiple using", "select multiple", "select many",
      ], .selectMultiple
    ),
    (["rank", "odk:rank"], .rank),
  ]

  private static let plain: [String: Kind] = [
    "integer": .integer, "int": .integer, "add integer prompt": .integer, "q int": .integer,
    "number of days in last month": .integer, "percentage": .integer,
    "decimal": .decimal, "add decimal prompt": .decimal, "q decimal": .decimal, "range": .range,
    "text": .text, "string": .text, "add text prompt": .text, "q string": .text,
    "phone number": .text,
    "note": .note, "add note prompt": .note, "q note": .note, "date": .date,
    "add date prompt": .date,
    "q date": .date, "time": .time, "add time prompt": .time, "q time": .time,
    "datetime": .left("a date with a time has no kind of item here"),
    "date time": .left("a date with a time has no kind of item here"),
    "acknowledge": .acknowledge, "trigger": .acknowledge, "add acknowledge prompt": .acknowledge,
    "calculate": .calculate, "add calculate prompt": .calculate, "q calculate": .calculate,
    "hidden": .left("what nobody sees is not collected here"),
    "begin group": .beginGroup, "group": .beginGroup, "begin lgroup": .beginRepeat,
    "begin repeat": .beginRepeat, "repeat": .beginRepeat, "looped group": .beginRepeat,
    "begin loop": .beginRepeat, "end group": .end, "end lgroup": .end, "end repeat": .end,
    "end looped group": .end, "end loop": .end,
  ]

  private static func left(_ type: String) -> Kind {
    let metadata: Set<String> = [
      "start", "end", "today", "deviceid", "device id", "phonenumber", "username", "email",
      "simserial", "subscriberid", "audit", "start time", "end time", "imei", "get phone number",
      "start-geopoint", "background-audio", "get today", "get start time", "get end time",
    ]
    let media: Set<String> = [
      "geopoint", "geotrace", "geoshape", "image", "photo", "audio", "video", "file", "barcode",
      "gps", "location", "signature",
    ]
    if metadata.contains(type) { return .left("when and on what is recorded here by itself") }
    if media.contains(type) {
      return .left("places, pictures, sounds and files are not collected here")
    }
    if type.hasSuffix("external") { return .left("tables in other files have no counterpart here") }
    return .left("the type '\(type.prefix(40))' is unknown")
  }
}
