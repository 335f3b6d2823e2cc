/// Whether a language is commonly written from right to left.
///
/// - Parameter language: a language tag such as `ar` or `pt-BR`.
package func writesRightToLeft(_ language: String) -> Bool {
  ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"]
    .contains(String(language.prefix { $0 != "-" }))
}
