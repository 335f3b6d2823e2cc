/// Languages as people name them in headers and fields.
enum LanguageTag {
  /// The tag of a name: `en`, `pt-br`, `Deutsch (de)`, `English`; nil where there is none.
  static func of(_ name: String) -> String? {
    let name = name.trimmed
    if name.hasSuffix(")"), let open = name.lastIndex(of: "("),
      let tag = tag(name[name.index(after: open)...].dropLast().trimmed)
    {
      return tag
    }
    return names[name.lowercased()] ?? tag(name)
  }

  /// A tag in the usual case: language small, region in capitals.
  private static func tag(_ text: String) -> String? {
    let parts = text.replacing("_", with: "-").split(
      separator: "-", omittingEmptySubsequences: false)
    guard let first = parts.first, (2...3).contains(first.utf8.count),
      first.utf8.allSatisfy({ ("a"..."z").contains(Character(Unicode.Scalar($0 | 0x20))) }),
      parts.dropFirst().allSatisfy({ part in
        (2...8).contains(part.utf8.count)
          && part.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.isASCIIDigit || $0.properties.isAlphabetic)
          }
      })
    else { return nil }
    let rest = parts.dropFirst().map { $0.count == 2 ? $0.uppercased() : String($0) }
    return ([first.lowercased()] + rest).joined(separator: "-")
  }

  private static let names: [String: String] = [
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr",
    "francais": "fr", "spanish": "es", "español": "es", "espanol": "es", "portuguese": "pt",
    "português": "pt", "italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl",
    "arabic": "ar", "العربية": "ar", "chinese": "zh", "中文": "zh", "russian": "ru",
    "русский": "ru", "hindi": "hi", "हिन्दी": "hi", "bengali": "bn", "bangla": "bn",
    "swahili": "sw", "kiswahili": "sw", "turkish": "tr", "türkçe": "tr", "polish": "pl",
    "polski": "pl", "swedish": "sv", "svenska": "sv", "norwegian": "no", "danish": "da",
    "dansk": "da", "finnish": "fi", "suomi": "fi", "greek": "el", "hebrew": "he",
    "japanese": "ja", "korean": "ko", "persian": "fa", "farsi": "fa", "urdu": "ur",
    "indonesian": "id", "vietnamese": "vi", "thai": "th", "ukrainian": "uk", "romanian": "ro",
    "hungarian": "hu", "czech": "cs", "amharic": "am", "somali": "so", "hausa": "ha",
    "nepali": "ne", "burmese": "my", "khmer": "km", "lao": "lo", "tagalog": "tl",
    "kinyarwanda": "rw", "kirundi": "rn", "creole": "ht", "tamil": "ta", "sinhala": "si",
    "wolof": "wo", "zulu": "zu", "xhosa": "xh", "luganda": "lg", "pashto": "ps", "dari": "prs",
  ]
}
