// One entry of the table in embedded.c, for the file at PATH. Included once per file, so no guard.
//
// PATH is relative to this folder; without its "../../" it is the path from the top of the repository.
// The file is named twice because a literal without a name cannot be asked for its size; the second
// one is not evaluated and takes no room.

{
    &PATH[sizeof("../../") - 1],
    (const unsigned char[]){
#embed PATH
    },
    sizeof((const unsigned char[]){
#embed PATH
    }),
},
#undef PATH
