package import Collection
package import Foundation

/// How a study is served.
package struct WebSettings: Sendable {
  /// Where participants reach it; links begin with this.
  package var address: LinkAddress
  /// The address to listen at.
  package var host: String
  /// The port to listen at; 0 for any that is free.
  package var port: Int
  /// The proxies in front of it, by address: what they say about clients is believed.
  package var trustedProxies: Set<String>
  /// The certificate chain and its key, PEM files, where no proxy does TLS.
  package var certificate: (chain: URL, key: URL)?
  /// What erasures have to reach besides the research database.
  package var erasurePlaces: ErasurePlaces

  package init(
    address: LinkAddress, host: String, port: Int, trustedProxies: Set<String> = [],
    certificate: (chain: URL, key: URL)? = nil, erasurePlaces: ErasurePlaces = ErasurePlaces()
  ) {
    self.address = address
    self.host = host
    self.port = port
    self.trustedProxies = trustedProxies
    self.certificate = certificate
    self.erasurePlaces = erasurePlaces
  }

  /// The path of the address, empty or beginning with a slash.
  var path: String {
    let path = URLComponents(string: address.description)?.percentEncodedPath ?? ""
    return path == "/" ? "" : path
  }

  /// Scheme, host and port, as browsers name an origin.
  var origin: String { String(address.description.dropLast(path.count)) }

  /// Whether people come by https.
  var isSecure: Bool { origin.hasPrefix("https:") }
}
