-- code_limits tells where a number stands with the limits of SMS codes: {at, hour, hour_limit, day, day_limit, next_at, codes}; next_at is when the
-- next code may be sent, NULL for at once; codes are the newest of each purpose, as code_json tells them. selector is {phone_index}.
CREATE OR REPLACE FUNCTION api.code_limits(selector jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at    timestamptz := (SELECT clock_timestamp() + s.clock_offset FROM faren.setting s);
    phone bytea := decode(selector ->> 'phone_index', 'hex');
    sent  timestamptz[] := ARRAY(SELECT x.created_at FROM faren.sms_code x WHERE x.phone_index = phone AND x.created_at > at - interval '1 day');
    next  timestamptz := faren.code_free_at(sent);
    k     faren.sms_code;
    m     faren.sms;
    codes jsonb := '[]';
BEGIN
    FOR k IN SELECT DISTINCT ON (x.purpose) x.* FROM faren.sms_code x WHERE x.phone_index = phone ORDER BY x.purpose, x.created_at DESC LOOP
        SELECT * INTO m FROM faren.sms x WHERE x.to_index = phone AND x.created_at = k.created_at AND x.kind = 'code';
        codes := codes || jsonb_build_array(faren.code_json(m, k, at) || jsonb_build_object('sms_id', m.sms_id));
    END LOOP;
    RETURN jsonb_build_object('result', jsonb_build_object(
        'at', at, 'hour', (SELECT count(*) FROM unnest(sent) s WHERE s > at - interval '1 hour'), 'hour_limit', faren.policy_count('sms.code_hourly'),
        'day', cardinality(sent), 'day_limit', faren.policy_count('sms.code_daily'), 'next_at', CASE WHEN next > at THEN next END, 'codes', codes));
END
$$;
REVOKE ALL ON FUNCTION api.code_limits(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.code_limits(jsonb) TO faren_registrar, faren_support;
