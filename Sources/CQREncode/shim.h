// libqrencode, which makes QR codes (ISO/IEC 18004) for the Figures room.

#ifndef LONGWELL_CQRENCODE_H
#define LONGWELL_CQRENCODE_H

#include <qrencode.h>

#endif
