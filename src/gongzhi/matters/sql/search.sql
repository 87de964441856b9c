-- Pieces of any length from three letters on. The words column `tokens` is filled behind the intake, so an intake never
-- waits for a GIN index; rows not yet indexed are found by reading them (there are few).
CREATE INDEX matters_text_pieces ON matters_mattertext
    USING gin ((title || E'\n' || address || E'\n' || text) gin_trgm_ops) WHERE tokens IS NOT NULL;
-- Public numbers are a keyed permutation of this (gongzhi.kernel.numbers).
CREATE SEQUENCE matters_number AS bigint MINVALUE 0 START 0 CACHE 1;
