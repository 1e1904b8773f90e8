//! Where the instruments can be read.

/// Directive 2011/36/EU as amended by Directive (EU) 2024/1712, consolidated.
pub const ATD: &str = "https://eur-lex.europa.eu/eli/dir/2011/36/2024-07-14";

/// Directive 2012/29/EU.
pub const VRD: &str = "https://eur-lex.europa.eu/eli/dir/2012/29/oj";

/// Regulation (EU) 2019/1111.
pub const BIIB: &str = "https://eur-lex.europa.eu/eli/reg/2019/1111/oj";

/// Regulation (EU) 2024/1348.
pub const APR: &str = "https://eur-lex.europa.eu/eli/reg/2024/1348/oj";

/// Directive (EU) 2016/680.
pub const LED: &str = "https://eur-lex.europa.eu/eli/dir/2016/680/oj";

/// Regulation (EU) 2016/679.
pub const GDPR: &str = "https://eur-lex.europa.eu/eli/reg/2016/679/oj";

/// Regulation (EU) 2018/1862.
pub const SIS: &str = "https://eur-lex.europa.eu/eli/reg/2018/1862/oj";

/// Directive 2004/81/EC.
pub const DIR_2004_81: &str = "https://eur-lex.europa.eu/eli/dir/2004/81/oj";

/// Convention on Action against Trafficking in Human Beings.
pub const CETS_197: &str =
    "https://www.coe.int/en/web/conventions/full-list?module=treaty-detail&treatynum=197";

/// Protocol to Prevent, Suppress and Punish Trafficking in Persons.
pub const PALERMO: &str = "https://www.ohchr.org/en/instruments-mechanisms/instruments/protocol-prevent-suppress-and-punish-trafficking-persons";

/// UN Convention on the Rights of the Child.
pub const CRC: &str = "https://www.ohchr.org/en/instruments-mechanisms/instruments/convention-rights-child";

/// 1996 Hague Child Protection Convention.
pub const HAGUE_1996: &str = "https://www.hcch.net/en/instruments/conventions/full-text/?cid=70";

/// General Comment No. 14 (2013).
pub const GC_14: &str = "https://undocs.org/CRC/C/GC/14";

/// General Comment No. 12 (2009).
pub const GC_12: &str = "https://undocs.org/CRC/C/GC/12";

/// General Comment No. 6 (2005).
pub const GC_6: &str = "https://undocs.org/CRC/GC/2005/6";
