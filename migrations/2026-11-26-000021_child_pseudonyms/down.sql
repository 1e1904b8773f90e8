DROP TABLE child_pseudonyms;
